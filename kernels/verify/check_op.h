// Runs every variant of an op on one case, in every execution, against the double reference.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "kernels/op.h"
#include "kernels/verify/compare.h"
#include "kernels/verify/executions.h"

namespace duel::verify {

struct CheckOptions {
  int misalignment = 0;  ///< elements between an aligned address and the begin of each tensor
  HowMany executions = HowMany::some;
  std::uint64_t seed = 1;  ///< of the random schedules
};

/// The tensors after one launch of `variant`. `scalars`: the arguments without their tensors.
template <class DeviceArguments>
std::vector<std::vector<std::byte>> run_variant(const Op<DeviceArguments>& op, const Variant<DeviceArguments>& variant,
                                                DeviceArguments scalars, const std::vector<TensorImage>& images,
                                                int misalignment) {
  const Stream stream;
  DeviceMirror mirror(images, misalignment, stream);
  visit(scalars, mirror);
  op.validate(scalars);
  enqueue(op, variant, scalars, stream);
  stream.synchronize();
  return mirror.download();
}

inline constexpr const char* kLikeARace = ", as after a data race or a missing barrier\n";

/// Of a wrong result: whether other executions give other bits, in a line; empty where they give the same.
template <class Arguments>
std::string other_results(const Op<Arguments>& op, const Variant<Arguments>& variant, const Arguments& scalars,
                          const std::vector<TensorImage>& images, const std::vector<std::vector<std::byte>>& wrong,
                          const CheckOptions& options) {
  for (const Execution& execution : executions(options.executions, options.seed)) {
    const UseExecution use(execution);
    const auto tensors = run_variant(op, variant, scalars, images, options.misalignment);
    const std::string place = first_difference(images, wrong, tensors);
    if (!place.empty())
      return "  " + place + " has other bits in the execution " + execution_text(execution) + kLikeARace;
  }
  return "";
}

/// One variant in all executions; what is wrong, or nothing.
template <class HostArguments, class DeviceArguments>
std::string check_variant(const Op<DeviceArguments>& op, const Variant<DeviceArguments>& variant,
                          HostArguments& expected, const DeviceArguments& scalars,
                          const std::vector<TensorImage>& images, const Bounds& bounds, const CheckOptions& options) {
  std::vector<std::vector<std::byte>> first;
  std::string first_text;
  for (const Execution& execution : executions(options.executions, options.seed)) {
    const std::string text = execution_text(execution);
    const std::string heading = std::string(op.name) + ", variant " + variant.name + ", " + text + ":\n";
    const UseExecution use(execution);
    try {
      auto tensors = run_variant(op, variant, scalars, images, options.misalignment);
      CompareOutputs comparison(images, tensors, bounds);
      visit(expected, comparison);
      if (!comparison.report().empty()) {
        const std::string others = first.empty() ? other_results(op, variant, scalars, images, tensors, options)
                                                 : "  the execution " + first_text + " was right" + kLikeARace;
        return heading + comparison.report() + others;
      }
      if (first.empty()) {
        first = std::move(tensors);
        first_text = text;
      } else if (const std::string place = first_difference(images, first, tensors); !place.empty()) {
        return heading + "  " + place + " has other bits than in the execution " + first_text + kLikeARace;
      }
    } catch (const std::exception& error) {
      forget_device_fault();
      return heading + "  " + error.what() + "\n";
    }
  }
  return "";
}

/// The op's variants that support the case on this device.
template <class DeviceArguments>
std::vector<Variant<DeviceArguments>> supporting_variants(const Op<DeviceArguments>& op, DeviceArguments scalars,
                                                          const std::vector<TensorImage>& images, int misalignment) {
  const Stream stream;
  DeviceMirror mirror(images, misalignment, stream);
  visit(scalars, mirror);
  std::vector<Variant<DeviceArguments>> result;
  for (const Variant<DeviceArguments>& variant : op.variants) {
    if (is_supported(op, variant, scalars)) result.push_back(variant);
  }
  return result;
}

/// Runs the reference on `host`, whose outputs it writes, and every variant that supports the case; returns what is
/// wrong, or an empty text. `scalars`: the arguments of the kernels without their tensors. `bounds_of` is asked after
/// the reference ran, for the precisions of the variants.
template <class HostArguments, class DeviceArguments>
std::string check_op(const Op<DeviceArguments>& op, void (*reference)(const HostArguments&), HostArguments host,
                     const DeviceArguments& scalars,
                     const std::function<Bounds(const HostArguments&, Precision)>& bounds_of,
                     const CheckOptions& options = {}) {
  const std::vector<TensorImage> images = take_images(host);
  reference(host);
  std::map<Precision, Bounds> bounds;
  const auto variants = supporting_variants(op, scalars, images, options.misalignment);
  if (variants.empty()) return std::string(op.name) + ": no variant supports the case\n";
  std::string report;
  for (const Variant<DeviceArguments>& variant : variants) {
    auto found = bounds.find(variant.precision);
    if (found == bounds.end()) found = bounds.emplace(variant.precision, bounds_of(host, variant.precision)).first;
    report += check_variant(op, variant, host, scalars, images, found->second, options);
  }
  return report;
}

/// The same for ops whose variants are all of full precision.
template <class HostArguments, class DeviceArguments>
std::string check_op(const Op<DeviceArguments>& op, void (*reference)(const HostArguments&), HostArguments host,
                     const DeviceArguments& scalars, const std::function<Bounds(const HostArguments&)>& bounds_of,
                     const CheckOptions& options = {}) {
  return check_op<HostArguments, DeviceArguments>(
      op, reference, host, scalars, [&](const HostArguments& after, Precision) { return bounds_of(after); }, options);
}

}  // namespace duel::verify

// Two variants of an op side by side inside a real step: the first computes what training goes on with, the second runs
// on copies of the same tensors, and both are compared with the double-precision reference of exactly these inputs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernels/kernel_selection.h"
#include "kernels/verify/check_op.h"
#include "kernels/verify/op_cases.h"

namespace duel::lab {

/// What the comparison saw so far.
struct SideBySideLog {
  int calls = 0;                          ///< compared, up to the first divergence
  std::optional<std::string> divergence;  ///< the first one: call, shapes, variant, tensor, element
};

namespace side_by_side {

/// A visitor of device arguments: downloads every tensor as it is now.
class Download {
 public:
  explicit Download(StreamView stream) : stream_(stream) {}
  void reads(const char* name, const auto& view) { add(name, verify::Access::reads, view); }
  void writes(const char* name, const auto& view) { add(name, verify::Access::writes, view); }
  void updates(const char* name, const auto& view) { add(name, verify::Access::updates, view); }

  std::vector<verify::TensorImage> images;

  /// All values, but those of `before` where a tensor that is only read lies in memory that another one is written to:
  /// of an op in place.
  std::vector<std::vector<std::byte>> after(const std::vector<verify::TensorImage>& before) const {
    std::vector<std::vector<std::byte>> bytes;
    for (std::size_t i = 0; i < images.size(); ++i) {
      bytes.push_back(is_written_elsewhere(i) ? before[i].bytes : images[i].bytes);
    }
    return bytes;
  }

 private:
  bool is_written_elsewhere(std::size_t number) const {
    if (images[number].access != verify::Access::reads) return false;
    for (std::size_t i = 0; i < images.size(); ++i) {
      const bool overlaps = begins_[i] < begins_[number] + images[number].bytes.size() &&
                            begins_[number] < begins_[i] + images[i].bytes.size();
      if (images[i].access != verify::Access::reads && overlaps) return true;
    }
    return false;
  }

  void add(const char* name, verify::Access access, const auto& view) {
    begins_.push_back(reinterpret_cast<std::uintptr_t>(view.data));
    verify::TensorImage image{name, access, view.rows, view.columns, {}};
    if (view) {
      image.bytes.resize(view.bytes());
      check(cudaMemcpyAsync(image.bytes.data(), view.data, view.bytes(), cudaMemcpyDeviceToHost, stream_.get()));
    }
    images.push_back(std::move(image));
  }

  StreamView stream_;
  std::vector<std::uintptr_t> begins_;  // of the tensors
};

template <class Device>
Download download(Device arguments, StreamView stream) {
  Download visitor(stream);
  visit(arguments, visitor);
  stream.synchronize();
  return visitor;
}

/// A visitor of host arguments that has room for every tensor: fills it with the values of an image.
class Fill {
 public:
  explicit Fill(const std::vector<verify::TensorImage>& images) : images_(images) {}
  void reads(const char*, const auto& view) { fill(view); }
  void writes(const char*, const auto& view) { fill(view); }
  void updates(const char*, const auto& view) { fill(view); }

 private:
  template <class T, int kRank>
  void fill(const View<T, kRank>& view) {
    using Value = std::remove_const_t<T>;
    const std::vector<std::byte>& bytes = images_.at(next_++).bytes;
    if (!view || bytes.empty()) return;
    // The host's tensors are the caller's own; const says only that the reference does not write them.
    auto* values = const_cast<Value*>(view.data);
    for (std::size_t i = 0; i < view.size(); ++i) {
      values[i] = static_cast<Value>(verify::element_of<verify::OnDevice<T>>(bytes, i));
    }
  }

  const std::vector<verify::TensorImage>& images_;
  std::size_t next_ = 0;
};

/// The comparison of one op. Launch functions carry no state, so there is one comparison per kind of arguments.
template <class Host, class Device>
struct Comparison {
  std::optional<verify::OpCases<Host, Device>> op;
  Variant<Device> first, second;
  SideBySideLog* log = nullptr;

  static Comparison& instance() {
    static Comparison comparison;
    return comparison;
  }

  static bool supports(const Device& arguments, const duel::Device& device) {
    const Comparison& self = instance();
    return is_supported(self.op->op, self.first, arguments, device) &&
           is_supported(self.op->op, self.second, arguments, device);
  }

  static void launch(const Device& arguments, StreamView stream) {
    const Comparison& self = instance();
    cudaStreamCaptureStatus capture = cudaStreamCaptureStatusNone;
    check(cudaStreamIsCapturing(stream.get(), &capture));
    if (capture != cudaStreamCaptureStatusNone || self.log->divergence) {
      return enqueue(self.op->op, self.first, arguments, stream);
    }
    self.compare(arguments, stream);
  }

  void compare(const Device& arguments, StreamView stream) const {
    const std::vector<verify::TensorImage> before = download(arguments, stream).images;
    verify::DeviceMirror mirror(before, 0, stream);
    Device copies = arguments;
    visit(copies, mirror);
    enqueue(op->op, first, arguments, stream);
    enqueue(op->op, second, copies, stream);
    stream.synchronize();

    verify::HostTensors host_before(1), host_after(1);
    Host initial = op->make(host_before, arguments), expected = op->make(host_after, arguments);
    Fill fill_initial(before), fill_expected(before);
    visit(initial, fill_initial);
    visit(expected, fill_expected);
    op->reference(expected);
    ++log->calls;
    judge(first, arguments, before, download(arguments, stream).after(before), expected,
          op->bounds_for(first.precision, initial, expected));
    judge(second, arguments, before, mirror.download(), expected, op->bounds_for(second.precision, initial, expected));
  }

  void judge(const Variant<Device>& variant, const Device& arguments, const std::vector<verify::TensorImage>& before,
             const std::vector<std::vector<std::byte>>& after, Host expected, const verify::Bounds& bounds) const {
    verify::CompareOutputs comparison(before, after, bounds);
    visit(expected, comparison);
    if (comparison.report().empty() || log->divergence) return;
    log->divergence = std::string(op->op.name) + ", variant " + variant.name + ", call " + std::to_string(log->calls) +
                      ", tensors of " + shapes_text(arguments) + ":\n" + comparison.report();
  }
};

/// The name of the variant that add() adds.
inline constexpr const char* kVariant = "side_by_side";

/// Adds to `kernels` a variant of the op that compares `first` with `second`. `log` must outlive its launches.
template <class Host, class Device>
void add(KernelSelection& kernels, const verify::OpCases<Host, Device>& op, const Variant<Device>& first,
         const Variant<Device>& second, SideBySideLog& log) {
  auto& self = Comparison<Host, Device>::instance();
  self.op.emplace(op);
  self.first = first;
  self.second = second;
  self.log = &log;
  kernels.add(op.op, {kVariant, "two variants on the same tensors, compared with the reference",
                      Comparison<Host, Device>::supports, Comparison<Host, Device>::launch});
}

}  // namespace side_by_side
}  // namespace duel::lab

// An op is a contract with several implementations. Its folder holds the contract (<op>.h: one struct of arguments
// per direction, templated on the number type), an obvious double-precision reference of the same contract, the
// kernels, and a table of variants, the preferred one first.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "kernels/runtime/device.h"
#include "kernels/runtime/foreign_call.h"
#include "kernels/runtime/handles.h"
#include "kernels/runtime/launched_by.h"
#include "kernels/runtime/view.h"

namespace duel {

/// How a float result may differ from the double reference: at most `rounding_steps` * 2^-24 * (magnitude of the
/// result's tensor), where sums of `depth` terms count as sqrt(depth) further steps.
struct Tolerance {
  float rounding_steps;
  const char* reason;
};

/// What a variant rounds the factors of its products to; sums are float always. TF32 has 11 significant bits, BF16 8,
/// FP16 11 and a small range.
enum class Precision { fp32, tf32, bf16, fp16 };

constexpr std::string_view name_of(Precision precision) {
  switch (precision) {
    case Precision::tf32:
      return "tf32";
    case Precision::bf16:
      return "bf16";
    case Precision::fp16:
      return "fp16";
    case Precision::fp32:
      break;
  }
  return "fp32";
}

template <class Arguments>
struct Variant {
  const char* name;  ///< the algorithm
  const char* idea;  ///< who owns what, and when it wins
  bool (*supports)(const Arguments&, const Device&);
  void (*launch)(const Arguments&, StreamView);
  /// Other than fp32: runs only where it is chosen by name or by precision, and `verify` allows it that rounding.
  Precision precision = Precision::fp32;
};

template <class Arguments>
struct Op {
  const char* name;
  std::span<const Variant<Arguments>> variants;
  Tolerance tolerance;
  /// Throws std::invalid_argument that names the argument, what was expected and what was found.
  void (*validate)(const Arguments&);
};

/// Asks the variant. Throws ForeignCodeError where it fails to answer.
template <class Arguments>
bool is_supported(const Op<Arguments>& op, const Variant<Arguments>& variant, const Arguments& arguments,
                  const Device& device = Device::current()) {
  bool is = false;
  call_foreign({"supports()", op.name, variant.name}, [&] { is = variant.supports(arguments, device); });
  return is;
}

/// The first variant of full precision that supports the case on this device. Throws std::invalid_argument where none
/// does.
template <class Arguments>
const Variant<Arguments>& choose_variant(const Op<Arguments>& op, const Arguments& arguments) {
  for (const Variant<Arguments>& variant : op.variants) {
    if (variant.precision == Precision::fp32 && is_supported(op, variant, arguments)) return variant;
  }
  throw std::invalid_argument(std::string(op.name) + ": no variant supports these arguments on this device");
}

/// Enqueues the variant's kernels, whose faults name it then, as do those of its launch function. Throws CudaError.
template <class Arguments>
void enqueue(const Op<Arguments>& op, const Variant<Arguments>& variant, const Arguments& arguments,
             StreamView stream) {
  const LaunchedBy launched_by(op.name, variant.name);
  call_foreign({"the launcher", op.name, variant.name}, [&] { variant.launch(arguments, stream); });
}

/// Validates, chooses a variant and enqueues it.
template <class Arguments>
void run(const Op<Arguments>& op, const Arguments& arguments, StreamView stream) {
  op.validate(arguments);
  enqueue(op, choose_variant(op, arguments), arguments, stream);
}

inline bool supports_any_device(const auto&, const Device&) {
  return true;
}
inline bool supports_cpu_device(const auto&, const Device& device) {
  return device.is_cpu;
}

/// Whether a block may have 99 KiB of shared memory if it asks: every GPU since compute capability 8.0.
inline bool has_large_shared_memory(const Device& device) {
  return device.is_cpu || device.compute_capability >= 80;
}

/// Whether kernels/device/mma.cuh has these formats in the code that runs on the device.
inline bool has_tf32_and_bf16_products(const Device& device) {
  return device.compiled_architecture >= 80;
}
inline bool has_fp16_products(const Device& device) {
  return device.compiled_architecture >= 75;
}

// ---- for validate() ----

/// Throws std::invalid_argument unless `view` has that shape and is there.
template <class T, int kRank>
void require_shape(std::string_view op, std::string_view name, const View<T, kRank>& view, int rows, int columns = 1) {
  if (view && view.rows == rows && view.columns == columns) return;
  std::string expected = "[" + std::to_string(rows);
  if constexpr (kRank == 2) expected += ", " + std::to_string(columns);
  throw std::invalid_argument(std::string(op) + ": " + std::string(name) + " is " + shape_text(view) + "; expected " +
                              expected + "]");
}

/// As require_shape, but absent is fine too.
template <class T, int kRank>
void require_shape_if_present(std::string_view op, std::string_view name, const View<T, kRank>& view, int rows,
                              int columns = 1) {
  if (view) require_shape(op, name, view, rows, columns);
}

inline void require(bool condition, std::string_view op, const std::string& expected) {
  if (!condition) throw std::invalid_argument(std::string(op) + ": expected " + expected);
}

}  // namespace duel

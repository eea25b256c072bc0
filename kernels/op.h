// Public. An op is a contract with several implementations. Its folder holds the contract (<op>.h: one struct of
// arguments per direction, templated on the number type), an obvious double-precision reference of the same contract,
// the kernels, and a table of variants, the preferred one first.
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

/// Floating-point operations that a contract needs, by whichever algorithm.
struct Flops {
  double products = 0;  ///< multiplications and additions of products of matrices: what matrix instructions can do
  double others = 0;    ///< those that grow with the values otherwise, about: of ops without a product, of updates

  double all() const { return products + others; }
};

/// Between kernels and memory.
struct Bytes {
  double read = 0, written = 0;

  double all() const { return read + written; }
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
  Flops (*flops)(const Arguments&);
  /// Throws std::invalid_argument that names the argument, what was expected and what was found.
  void (*validate)(const Arguments&);
  /// Of the bytes of the tensors that visit() names, those that a call does not touch: parts of larger tensors.
  /// nullptr: none.
  Bytes (*untouched)(const Arguments&) = nullptr;
};

/// Asks the variant. Throws ForeignCodeError where it fails to answer.
template <class Arguments>
bool is_supported(const Op<Arguments>& op, const Variant<Arguments>& variant, const Arguments& arguments,
                  const Device& device = Device::current()) {
  bool is = false;
  call_foreign({"supports()", op.name, variant.name}, [&] { is = variant.supports(arguments, device); });
  return is;
}

/// Enqueues the variant's kernels, whose faults name it then, as do those of its launch function. Throws CudaError.
template <class Arguments>
void enqueue(const Op<Arguments>& op, const Variant<Arguments>& variant, const Arguments& arguments,
             StreamView stream) {
  const LaunchedBy launched_by(op.name, variant.name);
  call_foreign({"the launcher", op.name, variant.name}, [&] { variant.launch(arguments, stream); });
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

/// As require_shape, but there may be more columns.
template <class T>
void require_columns(std::string_view op, std::string_view name, const Matrix<T>& view, int rows, int columns) {
  if (view && view.rows == rows && view.columns >= columns) return;
  throw std::invalid_argument(std::string(op) + ": " + std::string(name) + " is " + shape_text(view) + "; expected [" +
                              std::to_string(rows) + ", " + std::to_string(columns) + " or more]");
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

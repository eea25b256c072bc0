// Arrays of numbers as files hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace duel {

enum class DType { u8, i64, f32, f64 };

/// What the formats of files call a type.
struct DTypeInfo {
  DType type;
  std::string_view name;   ///< in safetensors files: "F32"
  std::string_view numpy;  ///< in .npy files: "<f4"
  std::size_t bytes;       ///< of one value
};
inline constexpr DTypeInfo kDTypes[] = {{DType::u8, "U8", "|u1", 1},
                                        {DType::i64, "I64", "<i8", 8},
                                        {DType::f32, "F32", "<f4", 4},
                                        {DType::f64, "F64", "<f8", 8}};

const DTypeInfo& info_of(DType type);  ///< throws std::invalid_argument for none of them
inline std::size_t size_of(DType type) {
  return info_of(type).bytes;
}
inline std::string_view name_of(DType type) {
  return info_of(type).name;
}

/// Bytes of an array of this shape; nothing for a negative dimension or a product beyond 64 bits.
std::optional<std::uint64_t> byte_count(const std::vector<std::int64_t>& shape, DType type);

struct Tensor {
  std::string name;
  DType type = DType::f32;
  std::vector<std::int64_t> shape;  ///< empty for a scalar
  std::vector<std::byte> bytes;     ///< contiguous, row-major, little-endian
};

/// The values of a tensor of that type.
template <class Value>
std::vector<Value> values_of(const Tensor& tensor) {
  std::vector<Value> values(tensor.bytes.size() / sizeof(Value));
  if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), values.size() * sizeof(Value));
  return values;
}

/// How many values lie between neighbours of each dimension of a contiguous row-major array.
std::vector<std::int64_t> row_major_strides(const std::vector<std::int64_t>& shape);

/// "[3, 28, 28]".
std::string shape_text(const std::vector<std::int64_t>& shape);

}  // namespace duel

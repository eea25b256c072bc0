#include "engine/io/tensor.h"

#include <limits>
#include <stdexcept>

namespace duel {

const DTypeInfo& info_of(DType type) {
  for (const DTypeInfo& info : kDTypes) {
    if (info.type == type) return info;
  }
  throw std::invalid_argument("DType: no such type: " + std::to_string(static_cast<int>(type)));
}

std::optional<std::uint64_t> byte_count(const std::vector<std::int64_t>& shape, DType type) {
  std::uint64_t count = 1;
  const auto multiply = [&count](std::uint64_t factor) {
    if (factor != 0 && count > std::numeric_limits<std::uint64_t>::max() / factor) return false;
    count *= factor;
    return true;
  };
  for (const std::int64_t dimension : shape) {
    if (dimension < 0 || !multiply(static_cast<std::uint64_t>(dimension))) return std::nullopt;
  }
  if (!multiply(size_of(type))) return std::nullopt;
  return count;
}

std::vector<std::int64_t> row_major_strides(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return strides;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "[" + text + "]";
}

}  // namespace duel

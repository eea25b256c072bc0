#include "engine/io/non_finite.h"

#include <cmath>
#include <cstring>

#include "files/text.h"

namespace duel {
namespace {

template <class Real>
std::optional<std::size_t> first_non_finite(const Tensor& tensor) {
  for (std::size_t i = 0; i < tensor.bytes.size() / sizeof(Real); ++i) {
    Real value;
    std::memcpy(&value, tensor.bytes.data() + i * sizeof(Real), sizeof(Real));
    if (!std::isfinite(value)) return i;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_non_finite(const TensorFile& file) {
  for (const Tensor& tensor : file.tensors) {
    std::optional<std::size_t> index;
    if (tensor.type == DType::f32) index = first_non_finite<float>(tensor);
    if (tensor.type == DType::f64) index = first_non_finite<double>(tensor);
    if (index) return "value " + std::to_string(*index) + " of " + in_quotes(tensor.name) + " is not finite";
  }
  return std::nullopt;
}

}  // namespace duel

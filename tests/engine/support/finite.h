// Whether training stayed within numbers.
#pragma once

#include <cmath>
#include <string>

#include "tests/engine/support/tensor_values.h"

namespace duel::test {

/// The first tensor of floats with a NaN or infinity; empty where there is none.
inline std::string first_non_finite(const TensorFile& file) {
  for (const Tensor& tensor : file.tensors) {
    if (tensor.type != DType::f32) continue;
    for (const float value : floats_of(file, tensor.name)) {
      if (!std::isfinite(value)) return tensor.name;
    }
  }
  return "";
}

}  // namespace duel::test

// Public. Tensors where they lie on the device.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/io/tensor.h"

namespace duel {

/// Values that somebody else owns and changes; to be read only.
struct DeviceTensor {
  std::string name;
  DType type = DType::f32;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;  ///< for each dimension, in values
  const void* data = nullptr;         ///< memory of the device
};

}  // namespace duel

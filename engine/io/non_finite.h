// Tensors with values that no healthy training has.
#pragma once

#include <optional>
#include <string>

#include "engine/io/safetensors.h"

namespace duel {

/// Describes the first value of a floating-point tensor that is infinite or not a number; nothing where all are finite.
std::optional<std::string> find_non_finite(const TensorFile& file);

}  // namespace duel

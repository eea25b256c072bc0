// Names of the ranges around a network's layers.
#pragma once

#include <cstddef>
#include <string>

#include "engine/configuration/network_layout.h"

namespace duel {

/// "forward layer 2 (linear_bn_lrelu 256 -> 512)". `pass`: forward or backward; `index`: of the layer, from 0.
inline std::string layer_range(const char* pass, std::size_t index, const char* op, const LayerSlots& layer) {
  return std::string(pass) + " layer " + std::to_string(index) + " (" + op + " " + std::to_string(layer.in) + " -> " +
         std::to_string(layer.out) + ")";
}

}  // namespace duel

// Arguments of the ops on columns for one layer of a network: what all passes share.
#pragma once

#include "engine/network_state.h"
#include "kernels/fused_forward/fused_forward.h"
#include "kernels/fused_update/fused_update.h"

namespace duel {

/// y = lrelu(W x + b) of a layer. The caller adds what else follows the product.
FusedForward<float> layer_forward(const NetworkState& state, const LayerSlots& layer, Matrix<const float> input,
                                  float slope, Matrix<float> output);

/// A parameter with the optimizer's states of it, which lie in arrays of their own, at the parameter's offset.
/// `gradient`: where it is kept; absent: nowhere.
template <int kRank>
FusedParameter<float, kRank> parameter_of(const NetworkState& state, View<float, kRank> value,
                                          View<float, kRank> gradient) {
  const auto offset = value.data - state.parameters.data;
  FusedParameter<float, kRank> result;
  result.value = value;
  for (std::size_t i = 0; i < traits_of(state.optimizer).states.size(); ++i) {
    result.state[i] = {state.optimizer_state[i].data + offset, value.rows, value.columns};
  }
  result.gradient = gradient;
  return result;
}

/// The update of a layer's weight and bias, from dL/da and the layer's input; the optimizer's counter has been
/// advanced.
FusedUpdate<float> layer_update(const NetworkState& state, const LayerSlots& layer, Matrix<const float> d_linear,
                                Matrix<const float> input, const Optimizer& optimizer, bool keeps_gradients = false);

}  // namespace duel

#include "engine/layer_arguments.h"

namespace duel {

FusedForward<float> layer_forward(const NetworkState& state, const LayerSlots& layer, Matrix<const float> input,
                                  float slope, Matrix<float> output) {
  const LinearViews linear = linear_views(state, layer);
  return {.input = input, .weight = linear.weight, .bias = linear.bias, .slope = slope, .output = output};
}

FusedUpdate<float> layer_update(const NetworkState& state, const LayerSlots& layer, Matrix<const float> d_linear,
                                Matrix<const float> input, const Optimizer& optimizer, bool keeps_gradients) {
  const LinearViews linear = linear_views(state, layer);
  return {.d_linear = d_linear,
          .input = input,
          .weight = parameter_of(state, linear.weight, keeps_gradients ? linear.d_weight : Matrix<float>{}),
          .bias = parameter_of(state, linear.bias, keeps_gradients ? linear.d_bias : Vector<float>{}),
          .optimizer = {optimizer, state.progress}};
}

}  // namespace duel

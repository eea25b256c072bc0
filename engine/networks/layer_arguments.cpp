#include "engine/networks/layer_arguments.h"

#include <algorithm>

#include "kernels/ops/flat_update/flat_update.h"

namespace duel {

FusedForward<float> layer_forward(const NetworkState& state, const LayerSlots& layer, Matrix<const float> input,
                                  float slope, Matrix<float> output) {
  const LinearViews linear = linear_views(state, layer);
  return {.input = input, .weight = linear.weight, .bias = linear.bias, .slope = slope, .output = output};
}

FusedUpdate<float> layer_gradient(const NetworkState& state, const LayerSlots& layer, Matrix<const float> d_linear,
                                  Matrix<const float> input) {
  const LinearViews linear = linear_views(state, layer);
  FusedUpdate<float> gradient{.d_linear = d_linear, .input = input};
  gradient.weight.gradient = linear.d_weight;
  gradient.bias.gradient = linear.d_bias;
  return gradient;
}

void record_update(const NetworkState& state, const Optimizer& optimizer, std::string label, TaskList& list) {
  optimizer.with([&](const auto& unit) {
    using Unit = std::remove_cvref_t<decltype(unit)>;
    FlatUpdate<float, Unit> update{};
    update.parameter = state.parameters;
    std::copy_n(state.optimizer_state, update.kStates, update.state);
    update.gradient = state.gradients;
    update.optimizer = unit;
    update.progress = state.progress;
    list.add(flat_update_op<Unit>(), update, label);
  });
}

}  // namespace duel

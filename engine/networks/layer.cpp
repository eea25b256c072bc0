#include "engine/networks/layer.h"

#include <algorithm>

#include "kernels/ops/flat_update/flat_update.h"
#include "kernels/ops/weight_gradient/weight_gradient.h"

namespace duel {

Layer::Layer(std::size_t index, const LayerSlots& slots, const NetworkState& state, const LayerMemory& memory)
    : index_(index), slots_(slots), state_(state), memory_(memory) {}

std::string Layer::label(const char* pass, const char* op) const {
  return std::string(pass) + " layer " + std::to_string(index_) + " (" + op + " " + std::to_string(slots_.in) + " -> " +
         std::to_string(slots_.out) + ")";
}

LinearForward<float> Layer::product(Matrix<const float> input, Matrix<float> output) const {
  const LinearViews linear = linear_views(state_, slots_);
  return {.input = input, .weight = linear.weight, .bias = linear.bias, .slope = 1, .output = output};
}

InputGradient<float> Layer::gradient_of_input() const {
  return {.weight = linear_views(state_, slots_).weight, .d_linear = memory_.d_linear};
}

void Layer::gradients(Matrix<const float> d_linear, Matrix<const float> input, const char* network, TaskList& list,
                      int without_bias) const {
  const LinearViews linear = linear_views(state_, slots_);
  WeightGradient<float> gradient{.d_linear = d_linear, .input = input, .without_bias = without_bias};
  gradient.weight.gradient = linear.d_weight;
  gradient.bias.gradient = linear.d_bias;
  list.add(weight_gradient_op(), gradient, label("gradient", network));
}

Matrix<const float> input_of(const Layers& layers, std::size_t i, Matrix<const float> input) {
  return i == 0 ? input : layers[i - 1]->memory().output;
}

void record_forward(const Layers& layers, Matrix<const float> input, Vector<const float> head_weight, TaskList& list) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const bool is_last = i + 1 == layers.size();
    layers[i]->forward(input_of(layers, i, input), is_last ? head_weight : Vector<const float>{}, list);
  }
}

void record_backward(const Layers& layers, Matrix<const float> input, const char* network, TaskList& list) {
  for (std::size_t i = layers.size(); i-- > 0;) {
    const Layer& layer = *layers[i];
    if (i > 0) {
      const auto section = list.section(network);
      layers[i - 1]->backward(layer.gradient_of_input(), layer.label("backward", "input_gradient"), list);
    }
    layer.gradients(layer.memory().d_linear, input_of(layers, i, input), network, list);
  }
}

void record_update(const NetworkState& state, const Optimizer& optimizer, std::string label, TaskList& list,
                   float limit) {
  optimizer.with([&](const auto& unit) {
    using Unit = std::remove_cvref_t<decltype(unit)>;
    FlatUpdate<float, Unit> update{};
    update.parameter = state.parameters;
    std::copy_n(state.optimizer_state, update.kStates, update.state);
    update.gradient = state.gradients;
    update.optimizer = unit;
    update.progress = state.progress;
    update.limit = limit;
    list.add(flat_update_op<Unit>(), update, label);
  });
}

}  // namespace duel

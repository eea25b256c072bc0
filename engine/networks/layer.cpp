#include "engine/networks/layer.h"

#include <algorithm>
#include <stdexcept>

#include "engine/networks/dropout.h"
#include "kernels/ops/flat_update/flat_update.h"
#include "kernels/ops/spectral_norm/spectral_norm.h"
#include "kernels/ops/weight_gradient/weight_gradient.h"

namespace duel {

Layer::Layer(std::size_t index, const LayerSlots& slots, const NetworkState& state, const LayerMemory& memory)
    : index_(index), slots_(slots), state_(state), memory_(memory) {}

std::string Layer::label(const char* pass, const char* op) const {
  return std::string(pass) + " layer " + std::to_string(index_) + " (" + op + " " + std::to_string(slots_.in) + " -> " +
         std::to_string(slots_.out) + ")";
}

void Layer::tangent(Matrix<const float>, int, TaskList&) const {
  throw std::logic_error("a tangent of " + label("layer", "of another kind"));
}

void Layer::drop(const DropoutMask<float>& mask, Matrix<float> values, TaskList& list, int first_column) const {
  record_dropout(mask, index_ + 1, values, values, list, first_column);
}

Matrix<const float> output_read(const InputGradient<float>& below) {
  const bool is_identity = below.below == Activation::leaky_relu && below.slope == 1;
  return is_identity ? Matrix<const float>{} : below.output;
}

LinearForward<float> LinearLayer::product(Matrix<const float> input, Matrix<float> output) const {
  return {.input = input, .weight = linear().weight, .bias = linear().bias, .slope = 1, .output = output};
}

void LinearLayer::input_gradient(InputGradient<float> below, const Descent& descent, const char* pass,
                                 TaskList& list) const {
  below.weight = linear().weight;
  below.d_linear = memory().d_linear;
  below.first_column = descent.first_column;
  below.below_column = descent.below_column;
  below.factor = descent.factor;
  list.add(input_gradient_op(), below, label(pass, "input_gradient"));
}

void LinearLayer::gradients(Matrix<const float> d_linear, Matrix<const float> input, const char* network,
                            TaskList& list, int without_bias) const {
  WeightGradient<float> gradient{.d_linear = d_linear, .input = input, .without_bias = without_bias};
  gradient.weight.gradient = linear().d_weight;
  gradient.bias.gradient = linear().d_bias;
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

void record_descent(const Layers& layers, const Descent& descent, TaskList& list) {
  for (std::size_t i = layers.size() - 1; i > 0; --i) layers[i - 1]->backward(*layers[i], descent, list);
}

void record_backward(const Layers& layers, Matrix<const float> input, const char* network, TaskList& list) {
  for (std::size_t i = layers.size(); i-- > 0;) {
    const Layer& layer = *layers[i];
    if (i > 0) {
      const auto section = list.section(network);
      layers[i - 1]->backward(layer, {}, list);
    }
    layer.gradients(layer.memory().d_linear, input_of(layers, i, input), network, list);
  }
}

void record_spectral_norm(const NetworkLayout& layout, const NetworkState& state, bool iterates, TaskList& list) {
  if (!layout.has_spectral_norm()) return;
  list.add(spectral_norm_op(),
           {.weights = spectral_weights(layout),
            .iterates = iterates,
            .parameters = state.parameters,
            .vectors = state.statistics,
            .sigma = state.spectral.sigma,
            .normalized = state.spectral.normalized,
            .workspace = state.spectral.workspace},
           "spectral norm");
}

void record_spectral_norm_gradient(const NetworkLayout& layout, const NetworkState& state, TaskList& list) {
  if (!layout.has_spectral_norm()) return;
  list.add(spectral_norm_gradient_op(),
           {.weights = spectral_weights(layout),
            .normalized = state.spectral.normalized,
            .vectors = state.statistics,
            .sigma = state.spectral.sigma,
            .gradient = state.gradients,
            .workspace = state.spectral.workspace},
           "spectral norm gradient");
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

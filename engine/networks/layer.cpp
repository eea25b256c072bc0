#include "engine/networks/layer.h"

#include <algorithm>
#include <stdexcept>

#include "engine/networks/dropout.h"
#include "kernels/ops/flat_update/flat_update.h"
#include "kernels/ops/label_embedding/label_embedding.h"
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

namespace {

void record_spectral_norm(const NetworkLayout& layout, const NetworkState& state, bool iterates, TaskList& list) {
  list.add(spectral_norm_op(),
           {.weights = spectral_weights(layout),
            .iterates = iterates,
            .parameters = state.parameters,
            .vectors = state.statistics,
            .sigma = state.parametrization.sigma,
            .normalized = state.parametrization.normalized,
            .workspace = state.parametrization.workspace},
           "spectral norm");
}

void record_spectral_norm_gradient(const NetworkLayout& layout, const NetworkState& state, TaskList& list) {
  list.add(spectral_norm_gradient_op(),
           {.weights = spectral_weights(layout),
            .normalized = state.parametrization.normalized,
            .vectors = state.statistics,
            .sigma = state.parametrization.sigma,
            .gradient = state.gradients,
            .workspace = state.parametrization.workspace},
           "spectral norm gradient");
}

Matrix<float> label_embedding(const NetworkLayout& layout, const Vector<float>& array) {
  const int classes = layout.embedded_classes();
  return {array.data + layout.label_embedding.offset, classes, classes};
}

void record_label_embedding(const NetworkLayout& layout, const NetworkState& state, TaskList& list) {
  const LayerSlots& first = layout.layers.front();
  list.add(label_embedding_op(),
           {.embedding = label_embedding(layout, state.parameters),
            .weight = normalized_weight(state, first),
            .taps = first.taps(),
            .embedded = linear_views(state, first).weight},
           "label embedding");
}

void record_label_embedding_gradient(const NetworkLayout& layout, const NetworkState& state, TaskList& list) {
  const LayerSlots& first = layout.layers.front();
  list.add(label_embedding_gradient_op(),
           {.embedding = label_embedding(layout, state.parameters),
            .weight = normalized_weight(state, first),
            .taps = first.taps(),
            .weight_gradient = linear_views(state, first).d_weight,
            .embedding_gradient = label_embedding(layout, state.gradients),
            .workspace = state.parametrization.workspace},
           "label embedding gradient");
}

// Of the parameters from `begin` to `end`.
void record_update_of(int begin, int end, const NetworkState& state, const Optimizer& optimizer, std::string label,
                      TaskList& list, float limit) {
  optimizer.with([&](const auto& unit) {
    using Unit = std::remove_cvref_t<decltype(unit)>;
    const auto part = [&](const Vector<float>& array) { return array.row_range(begin, end - begin); };
    FlatUpdate<float, Unit> update{};
    update.parameter = part(state.parameters);
    for (std::size_t i = 0; i < std::size(unit.kStates); ++i) update.state[i] = part(state.optimizer_state[i]);
    update.gradient = part(state.gradients);
    update.optimizer = unit;
    update.progress = state.progress;
    update.limit = limit;
    list.add(flat_update_op<Unit>(), update, std::move(label));
  });
}

}  // namespace

void record_parametrization(const NetworkLayout& layout, const NetworkState& state, bool iterates, TaskList& list) {
  if (layout.has_spectral_norm()) record_spectral_norm(layout, state, iterates, list);
  if (layout.has_label_embedding()) record_label_embedding(layout, state, list);
}

void record_parametrization_gradient(const NetworkLayout& layout, const NetworkState& state, TaskList& list) {
  if (layout.has_label_embedding()) record_label_embedding_gradient(layout, state, list);
  if (layout.has_spectral_norm()) record_spectral_norm_gradient(layout, state, list);
}

void record_update(const NetworkLayout& layout, const NetworkState& state, const Optimizer& optimizer,
                   const std::string& label, TaskList& list, float limit) {
  int begin = 0;
  if (layout.has_label_embedding()) {  // and the first layer's weight and bias, which follow it
    begin = static_cast<int>(layout.parameter_slots()[3]->offset);
    record_update_of(0, begin, state, optimizer, label + ", label embedding and layer 0", list, limit);
  }
  record_update_of(begin, layout.parameters, state, optimizer, label, list, limit);
}

}  // namespace duel

#include "engine/quality/classifier_network.h"

#include "engine/networks/layer_arguments.h"
#include "engine/networks/layer_range.h"
#include "kernels/ops/advance_optimizer/advance_optimizer.h"

namespace duel {
namespace {

// A slope of 1 makes LeakyReLU the identity to the last bit: the logits are a plain linear layer.
constexpr float kSlope = 0.2f, kIdentity = 1.f;

}  // namespace

ClassifierActivations ClassifierActivations::for_batch(int batch) const {
  ClassifierActivations memory = *this;
  for (Layer& layer : memory.layers) layer.output.columns = layer.d_linear.columns = batch;
  memory.images.columns = memory.probabilities.columns = memory.labels.rows = batch;
  return memory;
}

Matrix<const float> ClassifierPass::input_of(std::size_t layer) const {
  return layer == 0 ? activations.images : activations.layers[layer - 1].output;
}

void ClassifierPass::record_head(const SoftmaxCrossEntropy<float>& head, TaskList& list) const {
  const auto section = list.section("classifier");
  for (std::size_t i = 0; i < layout.layers.size(); ++i) {
    const float slope = i + 1 == layout.layers.size() ? kIdentity : kSlope;
    list.add(fused_forward_op(),
             layer_forward(state, layout.layers[i], input_of(i), slope, activations.layers[i].output),
             layer_range("forward", i, "fused_forward", layout.layers[i]));
  }
  list.add(softmax_cross_entropy_op(), head, "softmax_cross_entropy");
}

void ClassifierPass::record_forward(TaskList& list) const {
  record_head({.logits = activations.layers.back().output,
               .labels = {},
               .probabilities = activations.probabilities,
               .d_logits = {},
               .statistics = {}},
              list);
}

void ClassifierPass::record_judgement(Vector<float> statistics, TaskList& list) const {
  record_head({.logits = activations.layers.back().output,
               .labels = activations.labels,
               .probabilities = activations.probabilities,
               .d_logits = activations.layers.back().d_linear,
               .statistics = statistics},
              list);
}

void ClassifierPass::record_update(Vector<float> statistics, const Optimizer& optimizer, TaskList& list) const {
  record_judgement(statistics, list);
  const auto section = list.section("classifier");
  list.add(advance_optimizer_op(), {optimizer, {}, state.progress}, "advance optimizer");
  for (std::size_t i = layout.layers.size(); i-- > 0;) {
    const LayerSlots& layer = layout.layers[i];
    const Matrix<const float> d_linear = activations.layers[i].d_linear;
    if (i > 0) {
      const ClassifierActivations::Layer& below = activations.layers[i - 1];
      list.add(fused_gradient_op(),
               {.weight = linear_views(state, layer).weight,
                .d_linear = d_linear,
                .slope = kSlope,
                .output = below.output,
                .d_below = below.d_linear},
               layer_range("backward", i, "fused_gradient", layer));
    }
    list.add(fused_update_op(), layer_gradient(state, layer, d_linear, input_of(i)),
             layer_range("gradient", i, "classifier", layer));
  }
  duel::record_update(state, optimizer, "update classifier", list);
}

}  // namespace duel

#include "engine/quality/classifier_network.h"

#include "engine/networks/activated_layer.h"
#include "kernels/ops/advance_optimizer/advance_optimizer.h"

namespace duel {
namespace {

// A slope of 1 makes LeakyReLU the identity to the last bit: the logits are a plain linear layer.
constexpr float kSlope = 0.2f, kIdentity = 1.f;

}  // namespace

ClassifierMemory ClassifierMemory::for_batch(int batch) const {
  ClassifierMemory memory = *this;
  memory.layers = duel::for_batch(memory.layers, batch);
  memory.images.columns = memory.probabilities.columns = memory.labels.rows = batch;
  return memory;
}

Layers ClassifierPass::layers() const {
  Layers layers;
  for (std::size_t i = 0; i < layout.layers.size(); ++i) {
    const float slope = i + 1 == layout.layers.size() ? kIdentity : kSlope;
    layers.push_back(std::make_unique<ActivatedLayer>(i, layout.layers[i], state, activations.layers[i],
                                                      ActivatedLayer::Settings{.slope = slope}));
  }
  return layers;
}

void ClassifierPass::record_head(const SoftmaxCrossEntropy<float>& head, TaskList& list) const {
  const auto section = list.section("classifier");
  duel::record_forward(layers(), activations.images, {}, list);
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
  list.add(advance_optimizer_op(), {optimizer, {}, state.progress}, "advance optimizer");
  record_backward(layers(), activations.images, "classifier", list);
  duel::record_update(layout, state, optimizer, "update classifier", list);
}

}  // namespace duel

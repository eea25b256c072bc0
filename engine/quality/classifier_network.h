// The classifier's passes, one image per column, as tasks.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/networks/network_state.h"
#include "engine/tasks/task_list.h"
#include "kernels/ops/softmax_cross_entropy/softmax_cross_entropy.h"
#include "kernels/optimizers/optimizers.h"

namespace duel {

/// What the passes work on. All layers are alike here: the last one's output is the logits.
struct ClassifierActivations {
  struct Layer {
    Matrix<float> output, d_linear;  ///< y, dL/da [out, batch]; the last absent where nothing is trained
  };
  std::vector<Layer> layers;
  Matrix<float> images;         ///< [pixels, batch]
  Matrix<float> probabilities;  ///< [classes, batch]
  Vector<std::uint8_t> labels;  ///< [batch]

  template <class Source>
  static ClassifierActivations take(Source& source, const NetworkLayout& layout, int batch, bool for_training) {
    ClassifierActivations activations;
    for (const LayerSlots& slots : layout.layers) {
      Layer layer{.output = source.template take<float>(slots.out, batch), .d_linear = {}};
      if (for_training) layer.d_linear = source.template take<float>(slots.out, batch);
      activations.layers.push_back(layer);
    }
    activations.images = source.template take<float>(layout.layers.front().in, batch);
    activations.probabilities = source.template take<float>(layout.layers.back().out, batch);
    activations.labels = source.template take<std::uint8_t>(batch);
    return activations;
  }

  /// The same memory for at most as many images as it was taken for.
  ClassifierActivations for_batch(int batch) const;
};

/// A batch on its way through the classifier: the images of `activations`.
struct ClassifierPass {
  const NetworkLayout& layout;
  const NetworkState& state;
  const ClassifierActivations& activations;

  /// Features and probabilities.
  void record_forward(TaskList& list) const;
  /// The same, and the statistics [kClassificationStatistics] of a batch with labels; where there is memory for
  /// gradients, those of the logits.
  void record_judgement(Vector<float> statistics, TaskList& list) const;
  /// The same, and an update of all parameters.
  void record_update(Vector<float> statistics, const Optimizer& optimizer, TaskList& list) const;

 private:
  Matrix<const float> input_of(std::size_t layer) const;
  void record_head(const SoftmaxCrossEntropy<float>& head, TaskList& list) const;
};

}  // namespace duel

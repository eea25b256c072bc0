// The classifier's passes, one image per column, as tasks.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/networks/layer.h"
#include "engine/tasks/task_list.h"
#include "kernels/ops/softmax_cross_entropy/softmax_cross_entropy.h"
#include "kernels/optimizers/optimizers.h"

namespace duel {

inline constexpr int kClassifiedAtATime = 500;

/// What the passes work on.
struct ClassifierMemory {
  std::vector<LayerMemory> layers;  ///< the last one's output is the logits
  Matrix<float> images;             ///< [pixels, batch]
  Matrix<float> probabilities;      ///< [classes, batch]
  Vector<std::uint8_t> labels;      ///< [batch]

  template <class Source>
  static ClassifierMemory take(Source& source, const NetworkLayout& layout, int batch, Leaves leaves) {
    return {take_layers(source, layout, layout.layers.size(), batch, leaves),
            source.template take<float>(layout.layers.front().in, batch),
            source.template take<float>(layout.layers.back().out, batch), source.template take<std::uint8_t>(batch)};
  }

  /// The same memory for at most as many images as it was taken for.
  ClassifierMemory for_batch(int batch) const;
};

/// A batch on its way through the classifier: the images of `activations`.
struct ClassifierPass {
  const NetworkLayout& layout;
  const NetworkState& state;
  const ClassifierMemory& activations;

  /// Features and probabilities.
  void record_forward(TaskList& list) const;
  /// The same, and the statistics [kClassificationStatistics] of a batch with labels; where there is memory for
  /// gradients, those of the logits.
  void record_judgement(Vector<float> statistics, TaskList& list) const;
  /// The same, and an update of all parameters.
  void record_update(Vector<float> statistics, const Optimizer& optimizer, TaskList& list) const;

 private:
  Layers layers() const;
  void record_head(const SoftmaxCrossEntropy<float>& head, TaskList& list) const;
};

}  // namespace duel

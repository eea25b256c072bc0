// The classifier's forward and backward pass, as kernels on a stream.
#pragma once

#include <vector>

#include "engine/network_layout.h"
#include "engine/network_state.h"
#include "kernels/kernel_selection.h"
#include "kernels/softmax_cross_entropy/softmax_cross_entropy.h"

namespace duel {

/// What the passes work on, for up to `rows` images. All layers are alike here: the last one's output is the logits.
struct ClassifierActivations {
  struct Layer {
    Matrix<float> output, d_output, d_linear;  ///< [rows, out]; the last two absent where nothing is trained
  };
  std::vector<Layer> layers;
  Matrix<float> images;         ///< [rows, pixels]
  Matrix<float> probabilities;  ///< [rows, classes]
  Vector<std::uint8_t> labels;  ///< [rows]

  template <class Source>
  static ClassifierActivations take(Source& source, const NetworkLayout& layout, int rows, bool for_training) {
    ClassifierActivations activations;
    for (const LayerSlots& slots : layout.layers) {
      Layer layer{.output = source.template take<float>(rows, slots.out), .d_output = {}, .d_linear = {}};
      if (for_training) {
        layer.d_output = source.template take<float>(rows, slots.out);
        layer.d_linear = source.template take<float>(rows, slots.out);
      }
      activations.layers.push_back(layer);
    }
    activations.images = source.template take<float>(rows, layout.layers.front().in);
    activations.probabilities = source.template take<float>(rows, layout.layers.back().out);
    activations.labels = source.template take<std::uint8_t>(rows);
    return activations;
  }
};

struct ClassifierNetwork {
  const KernelSelection& kernels;
  const NetworkLayout& layout;
  NetworkState state;
  ClassifierActivations activations;

  /// Features and probabilities of the first `rows` images of the activations.
  void enqueue_forward(int rows, StreamView stream) const;
  /// The same, and the statistics of a batch with the labels of the activations.
  void enqueue_judgement(int rows, Vector<float> statistics, StreamView stream) const;
  /// Forward and backward: statistics, and all gradients of the parameters.
  void enqueue_gradients(int rows, Vector<float> statistics, StreamView stream) const;

 private:
  void enqueue_logits(int rows, StreamView stream) const;
  Matrix<const float> input_of(std::size_t layer, int rows) const;
};

}  // namespace duel

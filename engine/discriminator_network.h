// The discriminator's forward and backward pass, as kernels on a stream.
#pragma once

#include <vector>

#include "engine/dropout_masks.h"
#include "engine/network_layout.h"
#include "engine/network_state.h"
#include "kernels/kernel_selection.h"
#include "kernels/linear_sigmoid_bce/linear_sigmoid_bce.h"

namespace duel {

/// What forward leaves for backward, for up to `rows` rows (real and generated together).
struct DiscriminatorActivations {
  struct Hidden {
    Matrix<float> output, d_output;  ///< [rows, out], what dropout leaves of them
    Matrix<float> d_linear;          ///< [rows, out * pieces]; x Wᵀ + b of maxout before
    Matrix<std::uint8_t> winner;     ///< [rows, out], of maxout only
  };
  std::vector<Hidden> hidden;
  Matrix<float> kept_images;  ///< what dropout leaves of the images [rows, pixels]; absent without dropout there
  Vector<float> score, judgement, d_score;  ///< [rows]

  template <class Source>
  static DiscriminatorActivations take(Source& source, const NetworkLayout& layout, const NetworkConfig& config,
                                       int rows) {
    DiscriminatorActivations activations;
    for (const LayerSlots& layer : layout.layers) {
      if (&layer == &layout.layers.back()) break;
      Hidden hidden;
      hidden.output = source.template take<float>(rows, layer.out);
      hidden.d_output = source.template take<float>(rows, layer.out);
      hidden.d_linear = source.template take<float>(rows, layer.rows());
      if (config.discriminator_unit == DiscriminatorUnit::maxout) {
        hidden.winner = source.template take<std::uint8_t>(rows, layer.out);
      }
      activations.hidden.push_back(hidden);
    }
    if (config.input_keep < 1) activations.kept_images = source.template take<float>(rows, config.pixels());
    for (auto* vector : {&activations.score, &activations.judgement, &activations.d_score}) {
      *vector = source.template take<float>(rows);
    }
    return activations;
  }
};

/// Images on their way through D and back.
struct DiscriminatorPass {
  Matrix<const float> images;  ///< [rows, pixels]
  BatchLoss<float> loss = {};
  DropoutMasks masks = {};
};

struct DiscriminatorNetwork {
  const KernelSelection& kernels;
  const NetworkConfig& config;
  const NetworkLayout& layout;
  NetworkState state;
  DiscriminatorActivations activations;

  /// D(images) and the loss. statistics [kHeadStatistics] is written.
  void enqueue_forward(const DiscriminatorPass& pass, Vector<float> statistics, StreamView stream) const;

  /// After the forward pass: dL/dimages [rows, pixels], and nothing else.
  void enqueue_image_gradient(const DiscriminatorPass& pass, Matrix<float> d_images, StreamView stream) const;
  /// After the forward pass: all gradients of the parameters.
  void enqueue_parameter_gradients(const DiscriminatorPass& pass, StreamView stream) const;

 private:
  void enqueue_backward(const DiscriminatorPass& pass, Matrix<float> d_images, bool parameters,
                        StreamView stream) const;
  void enqueue_hidden_forward(const DiscriminatorPass& pass, std::size_t layer, StreamView stream) const;
  void enqueue_hidden_backward(const DiscriminatorPass& pass, std::size_t layer, Matrix<float> d_images,
                               bool parameters, StreamView stream) const;
  /// Dropout in front of a layer: of its inputs, or of their gradients.
  void enqueue_dropout(const DropoutMasks& masks, std::size_t layer, Matrix<const float> from, Matrix<float> to,
                       StreamView stream) const;
  /// What the layer reads.
  Matrix<const float> input_of(const DiscriminatorPass& pass, std::size_t layer) const;
};

}  // namespace duel

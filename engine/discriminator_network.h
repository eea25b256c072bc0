// The discriminator's forward and backward pass, as kernels on a stream.
#pragma once

#include <vector>

#include "engine/config.h"
#include "engine/network_layout.h"
#include "engine/network_state.h"
#include "kernels/kernel_selection.h"
#include "kernels/linear_sigmoid_bce/linear_sigmoid_bce.h"

namespace duel {

/// What forward leaves for backward, for up to `rows` rows (real and generated together).
struct DiscriminatorActivations {
  struct Hidden {
    Matrix<float> output, d_output, d_linear;  ///< [rows, out]
  };
  std::vector<Hidden> hidden;
  Vector<float> logit, probability, d_logit;  ///< [rows]

  template <class Source>
  static DiscriminatorActivations take(Source& source, const NetworkLayout& layout, int rows) {
    DiscriminatorActivations activations;
    for (const LayerSlots& layer : layout.layers) {
      if (&layer == &layout.layers.back()) break;
      Hidden hidden;
      for (auto* matrix : {&hidden.output, &hidden.d_output, &hidden.d_linear}) {
        *matrix = source.template take<float>(rows, layer.out);
      }
      activations.hidden.push_back(hidden);
    }
    for (auto* vector : {&activations.logit, &activations.probability, &activations.d_logit}) {
      *vector = source.template take<float>(rows);
    }
    return activations;
  }
};

/// Which rows are real, and what the loss wants of each group.
struct LossTargets {
  CrossEntropy form = CrossEntropy::clamped;
  int real_rows = 0;
  RowGroup<float> real{}, generated{};
};

struct DiscriminatorNetwork {
  const KernelSelection& kernels;
  const NetworkConfig& config;
  const NetworkLayout& layout;
  NetworkState state;
  DiscriminatorActivations activations;

  /// D(images [rows, pixels]) and the loss. statistics [kHeadStatistics] is written.
  void enqueue_forward(Matrix<const float> images, const LossTargets& targets, Vector<float> statistics,
                       StreamView stream) const;

  /// After the forward pass of the same rows: dL/dimages [rows, pixels], and nothing else.
  void enqueue_image_gradient(Matrix<const float> images, const LossTargets& targets, Matrix<float> d_images,
                              StreamView stream) const;
  /// After the forward pass of the same rows: all gradients of the parameters.
  void enqueue_parameter_gradients(Matrix<const float> images, const LossTargets& targets, StreamView stream) const;

 private:
  void enqueue_backward(Matrix<const float> images, const LossTargets& targets, Matrix<float> d_images, bool parameters,
                        StreamView stream) const;
};

}  // namespace duel

// The generator's forward and backward pass, as kernels on a stream.
#pragma once

#include <vector>

#include "engine/config.h"
#include "engine/network_layout.h"
#include "engine/network_state.h"
#include "kernels/kernel_selection.h"
#include "kernels/linear_bn_lrelu/linear_bn_lrelu.h"

namespace duel {

/// What forward leaves for backward, for batches of up to `batch` rows.
struct GeneratorActivations {
  struct Hidden {
    Matrix<float> output, d_output, d_linear;  ///< [batch, out]
    Matrix<float> normalized;                  ///< [batch, out], with batch norm only
    Vector<float> inverse_deviation;           ///< [out], with batch norm only
  };
  std::vector<Hidden> hidden;
  Matrix<float> d_linear_head;  ///< [batch, pixels]

  template <class Source>
  static GeneratorActivations take(Source& source, const NetworkLayout& layout, int batch) {
    GeneratorActivations activations;
    for (const LayerSlots& layer : layout.layers) {
      if (&layer == &layout.layers.back()) break;
      Hidden hidden;
      for (auto* matrix : {&hidden.output, &hidden.d_output, &hidden.d_linear}) {
        *matrix = source.template take<float>(batch, layer.out);
      }
      if (layer.batch_norm) {
        hidden.normalized = source.template take<float>(batch, layer.out);
        hidden.inverse_deviation = source.template take<float>(layer.out);
      }
      activations.hidden.push_back(hidden);
    }
    activations.d_linear_head = source.template take<float>(batch, layout.layers.back().out);
    return activations;
  }
};

/// Views of everything a pass works on. The networks' configuration decides slopes, eps and momentum.
struct GeneratorNetwork {
  const KernelSelection& kernels;
  const NetworkConfig& config;
  const NetworkLayout& layout;
  NetworkState state;
  GeneratorActivations activations;

  /// images [batch, pixels] = G(latents [batch, latent_dim]). The batch's statistics move the running averages.
  void enqueue_forward(Matrix<const float> latents, Matrix<float> images, StreamView stream) const;

  /// All gradients of the parameters, from dL/dimages, after the forward pass of the same batch.
  void enqueue_backward(Matrix<const float> latents, Matrix<const float> images, Matrix<const float> d_images,
                        StreamView stream) const;
};

}  // namespace duel

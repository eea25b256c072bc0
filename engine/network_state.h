// A network on the device: its weights (parameters and running statistics) and, for training, gradients and Adam's
// moments, each flat.
#pragma once

#include <cstdint>

#include "engine/config.h"
#include "engine/network_layout.h"
#include "kernels/adam/adam.h"
#include "kernels/kernel_selection.h"
#include "kernels/runtime/buffer.h"

namespace duel {

struct NetworkState {
  Vector<float> weights;                                 ///< all of parameters, then of statistics
  Vector<float> parameters;                              ///< [layout.parameters]
  Vector<float> statistics;                              ///< [layout.statistics]
  Vector<float> gradients, first_moment, second_moment;  ///< [layout.parameters] each; absent without training
  Vector<AdamProgress> progress;                         ///< [1]; absent without training

  /// Takes the arrays from an Arena or an ArenaPlan. Contents are indeterminate.
  template <class Source>
  static NetworkState take(Source& source, const NetworkLayout& layout) {
    NetworkState state = take_weights(source, layout);
    for (auto* array : {&state.gradients, &state.first_moment, &state.second_moment}) {
      *array = source.template take<float>(layout.parameters);
    }
    state.progress = source.template take<AdamProgress>(1);
    return state;
  }

  /// The same without what training needs.
  template <class Source>
  static NetworkState take_weights(Source& source, const NetworkLayout& layout) {
    NetworkState state;
    state.weights = source.template take<float>(layout.parameters + layout.statistics);
    if (!state.weights) return state;  // an ArenaPlan
    state.parameters = state.weights.row_range(0, layout.parameters);
    if (layout.statistics > 0) state.statistics = state.weights.row_range(layout.parameters, layout.statistics);
    return state;
  }
};

/// Which network: part of the random numbers' counter, so that they differ under one seed. The classifier, which judges
/// samples, plays with nobody.
enum class Player : std::uint32_t { generator = 0, discriminator = 1, classifier = 2 };

/// Weights and biases U(-1/sqrt(in), 1/sqrt(in)), gamma 1, beta 0, running mean 0 and variance 1; moments, gradients
/// and progress 0. Source of the distribution: torch.nn.Linear.reset_parameters. Ready when it returns.
void initialize(const NetworkState& state, const NetworkLayout& layout, Player player, std::uint64_t seed,
                StreamView stream);

/// One Adam step on all parameters.
void enqueue_adam(const KernelSelection& kernels, const NetworkState& state, const AdamConfig& config,
                  StreamView stream);

/// A layer's tensors as the kernels take them.
struct LinearViews {
  Matrix<float> weight, d_weight;
  Vector<float> bias, d_bias;
};
struct BatchNormViews {
  Vector<float> gamma, beta, d_gamma, d_beta, running_mean, running_variance;
};
LinearViews linear_views(const NetworkState& state, const LayerSlots& layer);
BatchNormViews batch_norm_views(const NetworkState& state, const LayerSlots& layer);

}  // namespace duel

// A network on the device: its weights (parameters and running statistics) and, for training, gradients and the
// optimizer's state, each flat.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/config.h"
#include "engine/network_layout.h"
#include "kernels/adam/adam.h"
#include "kernels/kernel_selection.h"
#include "kernels/runtime/buffer.h"
#include "kernels/sgd_momentum/sgd_momentum.h"

namespace duel {

struct NetworkState {
  Vector<float> weights;                      ///< all of parameters, then of statistics
  Vector<float> parameters;                   ///< [layout.parameters]
  Vector<float> statistics;                   ///< [layout.statistics]
  Vector<float> gradients;                    ///< [layout.parameters]; absent without training, as all below
  Vector<float> first_moment, second_moment;  ///< the same, of Adam only
  Vector<AdamProgress> progress;              ///< [1], of Adam only
  Vector<float> velocity;                     ///< [layout.parameters], of SGD only
  Vector<SgdProgress> sgd_progress;           ///< [1], of SGD only

  /// Takes the arrays from an Arena or an ArenaPlan. Contents are indeterminate.
  template <class Source>
  static NetworkState take(Source& source, const NetworkLayout& layout, OptimizerKind optimizer = OptimizerKind::adam) {
    NetworkState state = take_weights(source, layout);
    state.gradients = source.template take<float>(layout.parameters);
    if (optimizer == OptimizerKind::adam) {
      state.first_moment = source.template take<float>(layout.parameters);
      state.second_moment = source.template take<float>(layout.parameters);
      state.progress = source.template take<AdamProgress>(1);
    } else {
      state.velocity = source.template take<float>(layout.parameters);
      state.sgd_progress = source.template take<SgdProgress>(1);
    }
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

/// Device memory of what take_weights() takes, bytes.
std::size_t weight_bytes(const NetworkLayout& layout);

/// Which network: part of the random numbers' counter, so that they differ under one seed. The classifier, which judges
/// samples, plays with nobody.
enum class Player : std::uint32_t { generator = 0, discriminator = 1, classifier = 2 };

/// How initial values differ from those of torch.nn.Linear.
struct InitialValues {
  float weight_range = 0;             ///< weights U(-r, r) and biases 0; 0: both U(-1/sqrt(in), 1/sqrt(in))
  std::vector<float> head_bias = {};  ///< of the last layer [out]; empty: as the other biases
};

/// Weights and biases as InitialValues says, gamma 1, beta 0, running mean 0 and variance 1; gradients and the
/// optimizer's state 0. Source of the default: torch.nn.Linear.reset_parameters. Ready when it returns.
void initialize(const NetworkState& state, const NetworkLayout& layout, Player player, std::uint64_t seed,
                StreamView stream, const InitialValues& values = {});

/// One Adam step on all parameters.
void enqueue_adam(const KernelSelection& kernels, const NetworkState& state, const AdamConfig& config,
                  StreamView stream);
/// One step of SGD with momentum on all parameters; the clock knows the epoch.
void enqueue_sgd(const KernelSelection& kernels, const NetworkState& state, const SgdSchedule& schedule,
                 Vector<const TrainingClock> clock, StreamView stream);

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

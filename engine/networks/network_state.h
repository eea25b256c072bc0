// A network on the device: its weights (parameters and running statistics) and, for training, gradients and the
// optimizer's state, each flat.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/configuration/config.h"
#include "engine/configuration/network_layout.h"
#include "kernels/ops/label_embedding/label_embedding.h"
#include "kernels/ops/spectral_norm/spectral_weights.h"
#include "kernels/optimizers/optimizers.h"
#include "kernels/runtime/buffer.h"

namespace duel {

/// The weights to which spectral normalization belongs, in the order of their layers.
SpectralWeights spectral_weights(const NetworkLayout& layout);

/// The weights that layers read in the place of parameters, and what computing them takes; absent where they read none
/// such.
struct ParametrizationMemory {
  Vector<float> normalized;  ///< with spectral normalization: the weights of a pass, divided, in their places
                             ///< [layout.parameters]
  Vector<float> sigma;       ///< by which they were divided [spectral_weights(layout).count]
  Vector<float> embedded;    ///< with a label embedding: the first layer's weight with it, perhaps divided
  Vector<float> workspace;

  template <class Source>
  static ParametrizationMemory take(Source& source, const NetworkLayout& layout) {
    ParametrizationMemory memory;
    int workspace = 0;
    if (layout.has_spectral_norm()) {
      const SpectralWeights weights = spectral_weights(layout);
      memory.normalized = source.template take<float>(layout.parameters);
      memory.sigma = source.template take<float>(weights.count);
      workspace = std::max(layout.statistics, weights.parts());
    }
    if (layout.has_label_embedding()) {
      const LayerSlots& first = layout.layers.front();
      memory.embedded = source.template take<float>(static_cast<int>(first.weight.size()));
      const auto values = label_embedding_workspace(first.weight_rows(), layout.embedded_classes(), first.taps());
      workspace = std::max(workspace, static_cast<int>(values));
    }
    if (workspace > 0) memory.workspace = source.template take<float>(workspace);
    return memory;
  }
};

/// Spectral normalization of values on the host, in double precision.
struct HostSpectralNorm {
  std::vector<double> vectors;     ///< after the steps
  std::vector<double> normalized;  ///< the parameters, weights divided
};

/// After so many steps of the power iteration; after none sigma is that of the vectors as they are.
HostSpectralNorm spectral_norm_on_host(const NetworkLayout& layout, std::span<const float> parameters,
                                       std::span<const float> vectors, int steps);

/// The first layer's weight with the label embedding of the network [layout.layers[0].weight.size()], of all
/// parameters, on the host.
std::vector<float> embedded_on_host(const NetworkLayout& layout, std::span<const float> parameters);

struct NetworkState {
  Vector<float> weights;     ///< all of parameters, then of statistics
  Vector<float> parameters;  ///< [layout.parameters]
  Vector<float> statistics;  ///< [layout.statistics]
  Vector<float> gradients;   ///< [layout.parameters]; absent without training, as all below
  OptimizerKind optimizer{};
  Vector<float> optimizer_state[kMostOptimizerStates];  ///< [layout.parameters], as many as the optimizer has
  Vector<OptimizerProgress> progress;                   ///< [1]
  ParametrizationMemory parametrization;                ///< layers read its weights where they are there

  /// Takes the arrays from an Arena or an ArenaPlan. Contents are indeterminate.
  template <class Source>
  static NetworkState take(Source& source, const NetworkLayout& layout, OptimizerKind optimizer = {}) {
    NetworkState state = take_weights(source, layout);
    state.gradients = source.template take<float>(layout.parameters);
    state.optimizer = optimizer;
    for (std::size_t i = 0; i < traits_of(optimizer).states.size(); ++i) {
      state.optimizer_state[i] = source.template take<float>(layout.parameters);
    }
    state.progress = source.template take<OptimizerProgress>(1);
    state.parametrization = ParametrizationMemory::take(source, layout);
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

/// How initial values differ from those of torch.nn.Linear and torch.nn.Conv2d.
struct InitialValues {
  float weight_range = 0;             ///< weights U(-r, r) and biases 0; 0: both U(-1/sqrt(in), 1/sqrt(in))
  std::vector<float> head_bias = {};  ///< of the last layer [out]; empty: as the other biases
  float image_deviation = 0;          ///< s > 0: of convolutions weights N(0, s²), of batch norm by channel gamma
                                      ///< N(1, s²); without weight_range
};

/// Weights and biases as InitialValues says, gamma 1, beta 0, running mean 0 and variance 1; singular vectors from any
/// direction by 15 steps of the power iteration; label embeddings N(0, 1); gradients and the optimizer's state 0.
/// Source of the default: torch.nn.Linear.reset_parameters, the same of torch.nn.Conv2d and Embedding,
/// torch.nn.utils.parametrizations.spectral_norm. Ready when it returns.
void initialize(const NetworkState& state, const NetworkLayout& layout, Player player, std::uint64_t seed,
                StreamView stream, const InitialValues& values = {});

/// A layer's tensors as the kernels take them.
struct LinearViews {
  Matrix<float> weight, d_weight;
  Vector<float> bias, d_bias;
};
struct BatchNormViews {
  Vector<float> gamma, beta, d_gamma, d_beta, running_mean, running_variance;
};
/// `weight`: what the layer reads.
LinearViews linear_views(const NetworkState& state, const LayerSlots& layer);
/// The weight before a label embedding: the parameter, or what spectral normalization makes of it.
Matrix<float> normalized_weight(const NetworkState& state, const LayerSlots& layer);
BatchNormViews batch_norm_views(const NetworkState& state, const LayerSlots& layer);

}  // namespace duel

#include "engine/networks/network_state.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

#include "kernels/device/random.cuh"
#include "kernels/ops/spectral_norm/spectral_norm.h"

namespace duel {
namespace {

// Random numbers of one tensor: number i depends on seed, player, tensor and i alone.
struct TensorDraw {
  std::uint64_t seed;
  Player player;
  std::uint32_t tensor;

  RandomWords words(std::size_t group) const {
    constexpr std::uint32_t kPurpose = 0x494e4954;  // "INIT": apart from every draw during training
    return random_words(seed, static_cast<std::uint32_t>(group), tensor, static_cast<std::uint32_t>(player), kPurpose);
  }
};

void fill_uniform(std::span<float> values, double bound, const TensorDraw& draw) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double u = uniform_open(draw.words(i / 4).word[i % 4]);
    values[i] = static_cast<float>((2.0 * u - 1.0) * bound);
  }
}

// Two numbers of two words, by G. Box and M. Muller.
void fill_normal(std::span<float> values, double mean, double deviation, const TensorDraw& draw) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const RandomWords words = draw.words(i / 4);
    const std::size_t first = i % 4 / 2 * 2;
    const double radius = std::sqrt(-2 * std::log(static_cast<double>(uniform_open(words.word[first]))));
    const double angle = 2 * std::numbers::pi * static_cast<double>(uniform_open(words.word[first + 1]));
    values[i] = static_cast<float>(mean + deviation * radius * (i % 2 == 0 ? std::cos(angle) : std::sin(angle)));
  }
}

void upload(Vector<float> to, const std::vector<float>& from, StreamView stream) {
  if (from.empty()) return;
  check(cudaMemcpyAsync(to.data, from.data(), to.bytes(), cudaMemcpyHostToDevice, stream.get()));
}

void fill_zero(auto view, StreamView stream) {
  if (!view) return;
  check(cudaMemsetAsync(view.data, 0, view.bytes(), stream.get()));
}

/// Absent where the array is: a generator that only draws has no gradients.
Vector<float> part(Vector<float> array, const TensorSlot& slot) {
  if (!array) return {};
  return array.row_range(static_cast<int>(slot.offset), static_cast<int>(slot.size()));
}

// Singular vectors from random ones, as PyTorch begins: by steps of the power iteration on the host.
void begin_power_iteration(const NetworkLayout& layout, std::span<const float> parameters, std::span<float> vectors,
                           const auto& draw) {
  constexpr int kSteps = 15;
  for (const SpectralWeight& weight : spectral_weights(layout)) {
    fill_normal(vectors.subspan(weight.u, weight.rows), 0, 1, draw());
    fill_normal(vectors.subspan(weight.v, weight.columns), 0, 1, draw());
  }
  const HostSpectralNorm begun = spectral_norm_on_host(layout, parameters, vectors, kSteps);
  std::ranges::transform(begun.vectors, vectors.begin(), [](double value) { return static_cast<float>(value); });
}

}  // namespace

SpectralWeights spectral_weights(const NetworkLayout& layout) {
  SpectralWeights weights;
  for (const LayerSlots& layer : layout.layers) {
    if (!layer.has_spectral_norm()) continue;
    weights.list[weights.count++] = {.rows = layer.weight_rows(),
                                     .columns = layer.weight_columns(),
                                     .weight = static_cast<int>(layer.weight.offset),
                                     .u = static_cast<int>(layer.u.offset),
                                     .v = static_cast<int>(layer.v.offset)};
  }
  return weights;
}

HostSpectralNorm spectral_norm_on_host(const NetworkLayout& layout, std::span<const float> parameters,
                                       std::span<const float> vectors, int steps) {
  std::vector<double> values(parameters.begin(), parameters.end());
  HostSpectralNorm norm{{vectors.begin(), vectors.end()}, values};
  const SpectralWeights weights = spectral_weights(layout);
  std::vector<double> sigma(static_cast<std::size_t>(weights.count));
  const auto vector = [](auto& array) { return Vector<double>{array.data(), static_cast<int>(array.size())}; };
  for (int step = 0; step < std::max(steps, 1); ++step) {
    spectral_norm_reference({.weights = weights,
                             .iterates = steps > 0,
                             .parameters = vector(values),
                             .vectors = vector(norm.vectors),
                             .sigma = vector(sigma),
                             .normalized = vector(norm.normalized)});
  }
  return norm;
}

std::vector<float> embedded_on_host(const NetworkLayout& layout, std::span<const float> parameters) {
  const auto doubles = [&](const TensorSlot& slot) {
    const std::span<const float> values = parameters.subspan(slot.offset, slot.size());
    return std::vector<double>(values.begin(), values.end());
  };
  const LayerSlots& first = layout.layers.front();
  const std::vector<double> embedding = doubles(layout.label_embedding), weight = doubles(first.weight);
  std::vector<double> embedded(weight.size());
  const int classes = layout.embedded_classes();
  const int rows = first.weight_rows(), columns = first.weight_columns();
  label_embedding_reference({.embedding = {embedding.data(), classes, classes},
                             .weight = {weight.data(), rows, columns},
                             .taps = first.taps(),
                             .embedded = {embedded.data(), rows, columns}});
  return {embedded.begin(), embedded.end()};
}

std::size_t weight_bytes(const NetworkLayout& layout) {
  ArenaPlan plan;
  NetworkState::take_weights(plan, layout);
  return plan.bytes();
}

void initialize(const NetworkState& state, const NetworkLayout& layout, Player player, std::uint64_t seed,
                StreamView stream, const InitialValues& values) {
  std::vector<float> parameters(layout.parameters, 0.f), statistics(layout.statistics, 0.f);
  const auto slice = [](std::vector<float>& array, const TensorSlot& slot) {
    return std::span(array).subspan(slot.offset, slot.size());
  };
  std::uint32_t tensor = 0;
  const bool is_default = values.weight_range == 0;
  const double deviation = is_default ? values.image_deviation : 0.0;
  const auto draw = [&] { return TensorDraw{seed, player, tensor++}; };
  for (const LayerSlots& layer : layout.layers) {
    if (layer.has_weight()) {
      const auto inputs = static_cast<double>(layer.weight_columns());
      const double bound = is_default ? 1.0 / std::sqrt(inputs) : values.weight_range;
      if (layer.kind == LayerKind::convolution && deviation > 0) {
        fill_normal(slice(parameters, layer.weight), 0, deviation, draw());
      } else {
        fill_uniform(slice(parameters, layer.weight), bound, draw());
      }
      fill_uniform(slice(parameters, layer.bias), is_default ? bound : 0.0, draw());
    }
    if (!layer.batch_norm) continue;
    if (layer.kind == LayerKind::batch_norm) {
      fill_normal(slice(parameters, layer.gamma), 1, deviation, draw());
    } else {
      std::ranges::fill(slice(parameters, layer.gamma), 1.f);
    }
    for (float& variance : slice(statistics, layer.running_variance)) variance = 1.f;
  }
  if (layout.has_spectral_norm()) begin_power_iteration(layout, parameters, statistics, draw);
  if (layout.has_label_embedding()) fill_normal(slice(parameters, layout.label_embedding), 0, 1, draw());
  if (!values.head_bias.empty()) {
    std::ranges::copy(values.head_bias, slice(parameters, layout.layers.back().bias).begin());
  }
  upload(state.parameters, parameters, stream);
  upload(state.statistics, statistics, stream);
  fill_zero(state.gradients, stream);
  for (const auto& array : state.optimizer_state) fill_zero(array, stream);
  fill_zero(state.progress, stream);
  stream.synchronize();
}

Matrix<float> normalized_weight(const NetworkState& state, const LayerSlots& layer) {
  const Vector<float>& normalized = state.parametrization.normalized;
  const Vector<float> weight = part(normalized ? normalized : state.parameters, layer.weight);
  return {weight.data, layer.weight_rows(), layer.weight_columns()};
}

LinearViews linear_views(const NetworkState& state, const LayerSlots& layer) {
  LinearViews views{.weight = normalized_weight(state, layer),
                    .d_weight = {part(state.gradients, layer.weight).data, layer.weight_rows(), layer.weight_columns()},
                    .bias = part(state.parameters, layer.bias),
                    .d_bias = part(state.gradients, layer.bias)};
  if (layer.embeds_classes) views.weight.data = state.parametrization.embedded.data;
  return views;
}

BatchNormViews batch_norm_views(const NetworkState& state, const LayerSlots& layer) {
  return {part(state.parameters, layer.gamma),        part(state.parameters, layer.beta),
          part(state.gradients, layer.gamma),         part(state.gradients, layer.beta),
          part(state.statistics, layer.running_mean), part(state.statistics, layer.running_variance)};
}

}  // namespace duel

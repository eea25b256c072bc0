#include "engine/networks/network_state.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "kernels/device/random.cuh"

namespace duel {
namespace {

// Value i of a tensor depends on seed, player, tensor and i alone.
void fill_uniform(std::span<float> values, double bound, std::uint64_t seed, Player player, std::uint32_t tensor) {
  constexpr std::uint32_t kPurpose = 0x494e4954;  // "INIT": apart from every draw during training
  for (std::size_t i = 0; i < values.size(); ++i) {
    const RandomWords words =
        random_words(seed, static_cast<std::uint32_t>(i / 4), tensor, static_cast<std::uint32_t>(player), kPurpose);
    values[i] = static_cast<float>((2.0 * uniform_open(words.word[i % 4]) - 1.0) * bound);
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

}  // namespace

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
  for (const LayerSlots& layer : layout.layers) {
    const bool is_default = values.weight_range == 0;
    const double bound = is_default ? 1.0 / std::sqrt(static_cast<double>(layer.in)) : values.weight_range;
    fill_uniform(slice(parameters, layer.weight), bound, seed, player, tensor++);
    fill_uniform(slice(parameters, layer.bias), is_default ? bound : 0.0, seed, player, tensor++);
    if (!layer.batch_norm) continue;
    for (float& gamma : slice(parameters, layer.gamma)) gamma = 1.f;
    for (float& variance : slice(statistics, layer.running_variance)) variance = 1.f;
  }
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

LinearViews linear_views(const NetworkState& state, const LayerSlots& layer) {
  return {{part(state.parameters, layer.weight).data, layer.rows(), layer.in},
          {part(state.gradients, layer.weight).data, layer.rows(), layer.in},
          part(state.parameters, layer.bias),
          part(state.gradients, layer.bias)};
}

BatchNormViews batch_norm_views(const NetworkState& state, const LayerSlots& layer) {
  return {part(state.parameters, layer.gamma),        part(state.parameters, layer.beta),
          part(state.gradients, layer.gamma),         part(state.gradients, layer.beta),
          part(state.statistics, layer.running_mean), part(state.statistics, layer.running_variance)};
}

}  // namespace duel

#include "engine/discriminator.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <tuple>

#include "engine/discriminator_network.h"

namespace duel {
namespace {

constexpr int kJudgedAtATime = 256;

}  // namespace

std::vector<float> judge_images(const KernelSelection& kernels, const NetworkConfig& config,
                                const NetworkLayout& layout, const NetworkState& state, std::span<const float> images,
                                StreamView stream) {
  const auto pixels = static_cast<std::size_t>(config.pixels());
  if (images.empty() || images.size() % pixels != 0) {
    throw std::invalid_argument("the images hold " + std::to_string(images.size()) + " values; expected rows of " +
                                std::to_string(pixels));
  }
  const int count = static_cast<int>(images.size() / pixels), rows = std::min(count, kJudgedAtATime);
  const auto take = [&](auto& source) {
    return std::tuple{DiscriminatorActivations::take(source, layout, config, rows),
                      source.template take<float>(kHeadStatistics)};
  };
  ArenaPlan plan;
  take(plan);
  Arena arena(plan.bytes());
  const auto [activations, statistics] = take(arena);
  const DeviceBuffer<float> device_images(images, stream);
  const DiscriminatorNetwork network{kernels, config, layout, state, activations};

  std::vector<float> probabilities(static_cast<std::size_t>(count));
  for (int first = 0; first < count; first += rows) {
    const int here = std::min(rows, count - first);
    const Matrix<const float> batch = device_images.matrix(count, config.pixels()).row_range(first, here);
    network.enqueue_forward({.images = batch}, statistics, stream);
    check(cudaMemcpyAsync(probabilities.data() + first, activations.probability.data,
                          static_cast<std::size_t>(here) * sizeof(float), cudaMemcpyDeviceToHost, stream.get()));
  }
  stream.synchronize();
  return probabilities;
}

}  // namespace duel

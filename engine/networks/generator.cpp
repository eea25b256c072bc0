#include "engine/networks/generator.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "engine/networks/gan_networks.h"
#include "engine/networks/state_file.h"
#include "engine/tasks/levels.h"
#include "kernels/ops/transpose/transpose.h"

namespace duel {
namespace {

constexpr int kGeneratedAtATime = 256;  // with running statistics images are independent

std::string prefix_of(GeneratorWeights weights, const TensorFile& checkpoint) {
  return weights == GeneratorWeights::average && has_average(checkpoint) ? kAveragePrefix : kGeneratorPrefix;
}

}  // namespace

Generator::Generator(const NetworkConfig& config, const TensorFile& checkpoint, GeneratorWeights weights,
                     const KernelSelection& kernels)
    : kernels_(kernels),
      config_(config),
      layout_(generator_layout(config)),
      memory_(weight_bytes(layout_)),
      state_(NetworkState::take_weights(memory_, layout_)) {
  load_network(checkpoint, prefix_of(weights, checkpoint), layout_, state_, NetworkPart::weights, stream_);
}

FloatImages Generator::generate(std::span<const float> latents, BatchStatistics statistics) const {
  return generate_images(kernels_, config_, layout_, state_, latents, statistics, stream_);
}

FloatImages generate_images(const KernelSelection& kernels, const NetworkConfig& config, const NetworkLayout& layout,
                            const NetworkState& state, std::span<const float> latents, BatchStatistics statistics,
                            StreamView stream) {
  const int latent_dim = config.latent_dim, pixels = config.pixels();
  if (latents.empty() || latents.size() % static_cast<std::size_t>(latent_dim) != 0) {
    throw std::invalid_argument("latents hold " + std::to_string(latents.size()) + " values; expected rows of " +
                                std::to_string(latent_dim));
  }
  const int count = static_cast<int>(latents.size() / static_cast<std::size_t>(latent_dim));
  if (count == 1 && statistics == BatchStatistics::batch && layout.has_batch_norm()) {
    throw std::invalid_argument(
        "one image has no statistics of a batch: every latent would draw the same picture; expected at least 2 images, "
        "or running statistics");
  }
  const int batch = statistics == BatchStatistics::batch ? count : std::min(count, kGeneratedAtATime);

  const auto take = [&](auto& source) {
    return std::tuple{take_layers(source, layout, layout.layers.size(), batch, Leaves::nothing, statistics),
                      source.template take<float>(latent_dim, batch), source.template take<float>(batch, pixels)};
  };
  Arena arena = arena_for(take);
  const auto [memory, columns, images] = take(arena);
  const DeviceBuffer<float> device_latents(latents, stream);

  FloatImages result{count, config.channels, config.image_size, config.image_size, {}, config.image_range()};
  result.values.resize(static_cast<std::size_t>(count) * pixels);
  for (int first = 0; first < count; first += batch) {
    const int here = std::min(batch, count - first);
    const std::vector<LayerMemory> activations = for_batch(memory, here);
    const Matrix<float> input = with_columns(columns, here), rows = images.row_range(0, here);
    TaskList list;
    list.add(transpose_op(),
             {.input = device_latents.matrix(count, latent_dim).row_range(first, here), .output = input}, "latents");
    {
      const auto section = list.section("generator");
      record_forward(generator_layers(config, layout, state, activations, {.statistics = statistics}), input, {}, list);
    }
    list.add(transpose_op(), {.input = activations.back().output, .output = rows}, "images");
    enqueue(one_by_one(list, kernels), stream);
    float* to = result.values.data() + static_cast<std::size_t>(first) * pixels;
    check(cudaMemcpyAsync(to, rows.data, rows.bytes(), cudaMemcpyDeviceToHost, stream.get()));
  }
  stream.synchronize();
  return result;
}

}  // namespace duel

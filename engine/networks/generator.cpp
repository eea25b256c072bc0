#include "engine/networks/generator.h"

#include <algorithm>
#include <stdexcept>

#include "engine/networks/by_pieces.h"
#include "engine/networks/gan_networks.h"
#include "engine/networks/state_file.h"
#include "kernels/ops/transpose/transpose.h"

namespace duel {
namespace {

constexpr int kGeneratedAtATime = 256;  // with running statistics images are independent

/// What a piece of the images needs: latents with a sample per column, images with one per row.
struct GeneratedPiece {
  ParametrizationMemory parametrization;
  std::vector<LayerMemory> layers;
  Matrix<float> latents, images;
};

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
                            const NetworkState& network, std::span<const float> latents, BatchStatistics statistics,
                            StreamView stream) {
  const int inputs = config.generator_inputs(), pixels = config.pixels();
  const int count = samples_in(latents, inputs, "latents");
  if (count == 1 && statistics == BatchStatistics::batch && layout.has_batch_norm()) {
    throw std::invalid_argument(
        "one image has no statistics of a batch: every latent would draw the same picture; expected at least 2 images, "
        "or running statistics");
  }
  const int batch = statistics == BatchStatistics::batch ? count : std::min(count, kGeneratedAtATime);

  const auto take = [&](auto& source) {
    return GeneratedPiece{ParametrizationMemory::take(source, layout),
                          take_layers(source, layout, layout.layers.size(), batch, Leaves::nothing, statistics),
                          source.template take<float>(inputs, batch), source.template take<float>(batch, pixels)};
  };
  Arena arena = arena_for(take);
  const GeneratedPiece piece = take(arena);
  NetworkState state = network;
  state.parametrization = piece.parametrization;
  const DeviceBuffer<float> device_latents(latents, stream);

  FloatImages result{count, config.channels, config.image_size, config.image_size, {}, config.image_range()};
  result.values.resize(static_cast<std::size_t>(count) * pixels);
  const auto record = [&](int first, int here, TaskList& list) {
    const std::vector<LayerMemory> activations = for_batch(piece.layers, here);
    const Matrix<float> input = with_columns(piece.latents, here), rows = piece.images.row_range(0, here);
    list.add(transpose_op(), {.input = device_latents.matrix(count, inputs).row_range(first, here), .output = input},
             "latents");
    {
      const auto section = list.section("generator");
      record_parametrization(layout, state, false, list);
      record_forward(generator_layers(config, layout, state, activations, {.statistics = statistics}), input, {}, list);
    }
    list.add(transpose_op(), {.input = activations.back().output, .output = rows}, "images");
  };
  const auto download = [&](int first, int here) {
    const Matrix<float> rows = piece.images.row_range(0, here);
    float* to = result.values.data() + static_cast<std::size_t>(first) * pixels;
    check(cudaMemcpyAsync(to, rows.data, rows.bytes(), cudaMemcpyDeviceToHost, stream.get()));
  };
  enqueue_by_pieces(count, batch, kernels, stream, record, download);
  stream.synchronize();
  return result;
}

}  // namespace duel

#include "engine/networks/discriminator.h"

#include <algorithm>

#include "engine/networks/by_pieces.h"
#include "engine/networks/gan_networks.h"
#include "engine/networks/network_input.h"
#include "kernels/ops/class_rows/class_rows.h"
#include "kernels/ops/discriminator_head/discriminator_head.h"
#include "kernels/ops/transpose/transpose.h"

namespace duel {
namespace {

constexpr int kJudgedAtATime = 256;

/// What a piece of the images needs.
struct JudgedPiece {
  ParametrizationMemory parametrization;
  std::vector<LayerMemory> layers;
  NetworkInput input;
  Vector<float> judgements;
};

}  // namespace

std::vector<float> judge_images(const KernelSelection& kernels, const NetworkConfig& config,
                                const NetworkLayout& layout, const NetworkState& network, std::span<const float> images,
                                std::span<const std::uint8_t> labels, StreamView stream) {
  const int count = samples_in(images, config.pixels(), "the images"), batch = std::min(count, kJudgedAtATime);
  if (config.classes > 0 && labels.size() != static_cast<std::size_t>(count)) {
    throw std::invalid_argument(std::to_string(labels.size()) + " labels; expected one for each of " +
                                std::to_string(count) + " images, as the discriminator reads classes");
  }
  const auto take = [&](auto& source) {
    return JudgedPiece{
        ParametrizationMemory::take(source, layout),
        take_layers(source, layout, layout.layers.size() - 1, batch, Leaves::nothing, BatchStatistics::running),
        NetworkInput::take(source, config.pixels(), config.classes * config.pixels_of_class(), batch),
        source.template take<float>(batch)};
  };
  Arena arena = arena_for(take);
  const JudgedPiece piece = take(arena);
  NetworkState state = network;
  state.parametrization = piece.parametrization;
  const DeviceBuffer<float> device_images(images, stream);
  const DeviceBuffer<std::uint8_t> device_labels(labels, stream);

  const DeviceBuffer<float> scores(static_cast<std::size_t>(count));
  enqueue_by_pieces(count, batch, kernels, stream, [&](int first, int here, TaskList& list) {
    const std::vector<LayerMemory> activations = for_batch(piece.layers, here);
    const NetworkInput input = piece.input.for_batch(here);
    list.add(transpose_op(),
             {.input = device_images.matrix(count, config.pixels()).row_range(first, here), .output = input.values()},
             "images");
    if (config.classes > 0) {
      list.add(class_rows_op(),
               {.real_labels = device_labels.vector().row_range(first, here),
                .discriminator = input.class_rows(),
                .pixels = config.pixels_of_class()},
               "classes");
    }
    {
      const auto section = list.section("discriminator");
      record_parametrization(layout, state, false, list);
      record_forward(
          discriminator_layers(config, layout, state, activations, {}, {.statistics = BatchStatistics::running}),
          input.all, {}, list);
    }
    list.add(discriminator_head_op(),
             {.input = activations.back().output,
              .weight = head_weight(layout, state),
              .bias = linear_views(state, layout.layers.back()).bias,
              .real_columns = here,
              .score = scores.vector().row_range(first, here),
              .judgement = piece.judgements.row_range(0, here)},
             "head");
  });
  return scores.download(stream);
}

}  // namespace duel

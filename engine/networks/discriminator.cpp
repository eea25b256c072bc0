#include "engine/networks/discriminator.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "engine/networks/fused_discriminator.h"
#include "engine/tasks/levels.h"
#include "kernels/ops/transpose/transpose.h"

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
  const int count = static_cast<int>(images.size() / pixels), batch = std::min(count, kJudgedAtATime);
  ArenaPlan plan;
  FusedActivations::take_discriminator(plan, layout, config, batch);
  Arena arena(plan.bytes());
  const FusedActivations memory = FusedActivations::take_discriminator(arena, layout, config, batch);
  const DeviceBuffer<float> device_images(images, stream);

  const DeviceBuffer<float> scores(static_cast<std::size_t>(count));
  for (int first = 0; first < count; first += batch) {
    const int here = std::min(batch, count - first);
    const FusedActivations activations = memory.for_batch(here, 0);
    TaskList list;
    list.add(
        transpose_op(),
        {.input = device_images.matrix(count, config.pixels()).row_range(first, here), .output = activations.images},
        "images");
    FusedDiscriminator discriminator(config, layout, state, activations, here, {}, list);
    discriminator.forward();
    list.add(fused_head_op(),
             {.input = activations.discriminator.back().output,
              .weight = discriminator.head_weight(),
              .bias = linear_views(state, layout.layers.back()).bias,
              .real_columns = here,
              .score = scores.vector().row_range(first, here),
              .judgement = activations.judgement},
             "head");
    enqueue(one_by_one(list, kernels), stream);
  }
  return scores.download(stream);
}

}  // namespace duel

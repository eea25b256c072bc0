#include "engine/networks/discriminator.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <tuple>

#include "engine/networks/gan_networks.h"
#include "engine/tasks/levels.h"
#include "kernels/ops/discriminator_head/discriminator_head.h"
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
  const auto take = [&](auto& source) {
    return std::tuple{take_layers(source, layout, layout.layers.size() - 1, batch, Leaves::nothing),
                      source.template take<float>(config.pixels(), batch), source.template take<float>(batch)};
  };
  Arena arena = arena_for(take);
  const auto [memory, columns, judgements] = take(arena);
  const DeviceBuffer<float> device_images(images, stream);

  const DeviceBuffer<float> scores(static_cast<std::size_t>(count));
  for (int first = 0; first < count; first += batch) {
    const int here = std::min(batch, count - first);
    const std::vector<LayerMemory> activations = for_batch(memory, here);
    const Matrix<float> input = with_columns(columns, here);
    TaskList list;
    list.add(transpose_op(),
             {.input = device_images.matrix(count, config.pixels()).row_range(first, here), .output = input}, "images");
    {
      const auto section = list.section("discriminator");
      record_forward(discriminator_layers(config, layout, state, activations, {}), input, {}, list);
    }
    list.add(discriminator_head_op(),
             {.input = activations.back().output,
              .weight = head_weight(layout, state),
              .bias = linear_views(state, layout.layers.back()).bias,
              .real_columns = here,
              .score = scores.vector().row_range(first, here),
              .judgement = judgements.row_range(0, here)},
             "head");
    enqueue(one_by_one(list, kernels), stream);
  }
  return scores.download(stream);
}

}  // namespace duel

// The kernel of a level, over the tile shapes of its parts.
#pragma once

#include "kernels/device/programmatic_launch.cuh"
#include "kernels/device/shared.cuh"
#include "kernels/levels/level.h"
#include "kernels/ops/discriminator_head/block.cuh"
#include "kernels/ops/input_gradient/block.cuh"
#include "kernels/ops/mean_losses/block.cuh"
#include "kernels/ops/scale_columns/block.cuh"
#include "kernels/ops/weight_gradient/block.cuh"
#include "kernels/runtime/launch.h"

namespace duel {

template <class Shapes>
struct LevelBlocks {
  using Gradient = InputGradientBlock<typename Shapes::Gradient>;
  using Update = WeightGradientBlock<typename Shapes::Update>;
  using Head = DiscriminatorHeadBlock<Shapes::kThreads>;
  using Losses = MeanLossesBlock<Shapes::kThreads>;
  using Scale = ScaleColumnsBlock<Shapes::kThreads>;

  union Shared {  // a block does one part
    typename Gradient::Shared gradient;
    typename Update::Shared update;
    typename Head::Shared head;
  };

  static unsigned blocks(const LevelParts& level) {
    unsigned sum = Gradient::blocks(level.gradient) + Head::blocks(level.head) + Losses::blocks(level.losses);
    for (const auto& scale : level.scales) sum += Scale::blocks(scale);
    for (const auto& update : level.updates) sum += Update::blocks(update);
    return sum;
  }
};

// Long work first: short blocks fill the gaps at the end.
template <class Shapes>
__device__ __forceinline__ void run_level_block(const LevelParts& level, typename LevelBlocks<Shapes>::Shared& shared) {
  using Blocks = LevelBlocks<Shapes>;
  unsigned block = blockIdx.x, blocks = Blocks::Losses::blocks(level.losses);
  if (block < blocks) return Blocks::Losses::run(level.losses);
  block -= blocks;
  blocks = Blocks::Gradient::blocks(level.gradient);
  if (block < blocks) return Blocks::Gradient::run(level.gradient, block, shared.gradient);
  block -= blocks;
  blocks = Blocks::Head::blocks(level.head);
  if (block < blocks) return Blocks::Head::run(level.head, block, shared.head);
  block -= blocks;
#pragma unroll 1
  for (int i = 0; i < LevelParts::kMostUpdates; ++i) {
    blocks = Blocks::Update::blocks(level.updates[i]);
    if (block < blocks) return Blocks::Update::run(level.updates[i], block, shared.update);
    block -= blocks;
  }
#pragma unroll 1
  for (int i = 0; i < LevelParts::kMostScales; ++i) {
    blocks = Blocks::Scale::blocks(level.scales[i]);
    if (block < blocks) return Blocks::Scale::run(level.scales[i], block);
    block -= blocks;
  }
}

template <class Shapes>
__global__ void __launch_bounds__(Shapes::kThreads, kLeastBlocks<Shapes::kThreads>)
    level_kernel(const __grid_constant__ LevelParts level) {
  using Shared = typename LevelBlocks<Shapes>::Shared;
  begin_overlapping_kernel();
  if constexpr (kNeedsDynamicShared<Shared, Shapes::kThreads>) {
    run_level_block<Shapes>(level, *dynamic_shared<Shared>());
  } else {
    __shared__ Shared shared;
    run_level_block<Shapes>(level, shared);
  }
}

template <class Shapes>
void launch_level(const LevelParts& level, StreamView stream) {
  using Blocks = LevelBlocks<Shapes>;
  launch(stream,
         {.grid = Blocks::blocks(level),
          .block = Shapes::kThreads,
          .dynamic_shared_bytes = kDynamicSharedBytes<typename Blocks::Shared, Shapes::kThreads>,
          .overlaps_previous = true},
         level_kernel<Shapes>, level);
}

}  // namespace duel

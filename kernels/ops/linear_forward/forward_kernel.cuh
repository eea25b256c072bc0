// The kernel of linear_forward, over its tile shape.
#pragma once

#include "kernels/device/programmatic_launch.cuh"
#include "kernels/device/shared.cuh"
#include "kernels/ops/linear_forward/block.cuh"
#include "kernels/ops/linear_forward/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {

template <class Shape>
__global__ void __launch_bounds__(Shape::kThreads, kLeastBlocks<Shape::kThreads>)
    linear_forward_kernel(const __grid_constant__ LinearForward<float> arguments) {
  begin_overlapping_kernel();
  using Block = LinearForwardBlock<Shape>;
  using Shared = typename Block::Shared;
  if constexpr (kNeedsDynamicShared<Shared, Shape::kThreads>) {
    Block::run(arguments, blockIdx.x, *dynamic_shared<Shared>());
  } else {
    __shared__ Shared shared;
    Block::run(arguments, blockIdx.x, shared);
  }
}

template <class Shape>
void launch_forward(const LinearForward<float>& a, StreamView stream) {
  using Block = LinearForwardBlock<Shape>;
  launch(stream,
         {.grid = Block::blocks(a),
          .block = Shape::kThreads,
          .dynamic_shared_bytes = kDynamicSharedBytes<typename Block::Shared, Shape::kThreads>,
          .overlaps_previous = true},
         linear_forward_kernel<Shape>, a);
}

}  // namespace duel

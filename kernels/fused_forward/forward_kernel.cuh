// The kernel of fused_forward, over its tile shape.
#pragma once

#include "kernels/device/programmatic_launch.cuh"
#include "kernels/fused_forward/block.cuh"
#include "kernels/fused_forward/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {

template <class Shape>
__global__ void __launch_bounds__(Shape::kThreads)
    fused_forward_kernel(const __grid_constant__ FusedForward<float> arguments) {
  begin_overlapping_kernel();
  __shared__ typename FusedForwardBlock<Shape>::Shared shared;
  FusedForwardBlock<Shape>::run(arguments, blockIdx.x, shared);
}

template <class Shape>
void launch_forward(const FusedForward<float>& a, StreamView stream) {
  launch(stream, {.grid = FusedForwardBlock<Shape>::blocks(a), .block = Shape::kThreads, .overlaps_previous = true},
         fused_forward_kernel<Shape>, a);
}

}  // namespace duel

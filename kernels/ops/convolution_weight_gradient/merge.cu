// Blocks of convolution_weight_gradient's end own values of the weight, or a channel's bias.
#include "kernels/device/block_sum.cuh"
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/levels/update_parameter.cuh"
#include "kernels/ops/convolution_weight_gradient/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

#ifdef DUEL_CPU_DEVICE
constexpr int kThreads = 1, kCount = kHostLanes, kPieces = 16;
#else
constexpr int kThreads = 256, kCount = 1, kPieces = 1;
#endif
constexpr int kValuesOfBlock = kThreads * kCount * kPieces;

// Of the weight from value number `first` on; products forward lie as the weight does.
__device__ __forceinline__ RegisterRow<kCount> forward_gradient(const WeightProduct& p, const float* __restrict__ parts,
                                                                std::size_t first, int valid) {
  auto sum = RegisterRow<kCount>::filled(0.f);
  for (int part = 0; part < p.parts; ++part) {
    sum = sum + load_row<kCount>(parts + static_cast<std::size_t>(part) * p.rows * p.columns + first, valid);
  }
  return sum;
}

// Of a single value, where rows are the convolution's input: from as many taps each way as a pixel is upsampled to.
__device__ __forceinline__ float adjoint_gradient(const ConvolutionGeometry& g, const WeightProduct& p,
                                                  const float* __restrict__ parts, int number) {
  const int square = g.kernel * g.kernel, of_output = g.input.channels * square;
  const int output = number / of_output, input = number % of_output / square, place = number % square;
  const int count = p.passage.taps.count(0), ty0 = g.kernel - 1 - place / g.kernel,
            tx0 = g.kernel - 1 - place % g.kernel;
  const float* const from = parts + static_cast<std::size_t>(input) * p.columns + output * count * count;
  float sum = 0.f;
  for (int ty = ty0; ty < ty0 + g.upsample; ++ty) {
    for (int tx = tx0; tx < tx0 + g.upsample; ++tx) {
      float of_tap = 0.f;
      for (int part = 0; part < p.parts; ++part) {
        of_tap += from[static_cast<std::size_t>(part) * p.rows * p.columns + ty * count + tx];
      }
      sum += of_tap;
    }
  }
  return sum;
}

__device__ __forceinline__ float bias_gradient(const ConvolutionWeightGradient<float>& a, int channel) {
  const int pixels = a.geometry.layer_output().pixels(), counted = a.batch() - a.without_bias;
  constexpr int kWidth = kThreads == 1 ? 2 * kCount : 1;
  auto sum = RegisterRow<kWidth>::filled(0.f);
  for (int pixel = 0; pixel < pixels; ++pixel) {
    const float* const d = a.d_linear.data + (static_cast<std::size_t>(channel) * pixels + pixel) * a.d_linear.columns;
    for (int c = threadIdx.x * kWidth; c < counted; c += kThreads * kWidth) {
      sum = sum + load_row<kWidth>(d + c, counted - c);
    }
  }
  return block_sum<kThreads>(total(sum));
}

__global__ void __launch_bounds__(kThreads) merge_kernel(const __grid_constant__ ConvolutionWeightGradient<float> a,
                                                         const __grid_constant__ WeightProduct p, int weight_blocks) {
  begin_overlapping_kernel();
  const UpdateStep step = step_of(a.optimizer);
  if (static_cast<int>(blockIdx.x) >= weight_blocks) {
    const int channel = static_cast<int>(blockIdx.x) - weight_blocks;
    const float gradient = bias_gradient(a, channel);
    if (threadIdx.x == 0) update_parameter(a.bias, channel, gradient, step);
    return;
  }
  const int values = a.geometry.out_channels * a.geometry.input.channels * a.geometry.kernel * a.geometry.kernel;
  for (int piece = 0; piece < kPieces; ++piece) {
    const int first = (static_cast<int>(blockIdx.x) * kPieces + piece) * kThreads * kCount + threadIdx.x * kCount;
    if (first >= values) return;
    auto gradient = RegisterRow<kCount>::filled(0.f);
    if (p.rows_are_inputs()) {
      gradient = transform(gradient, [&](int i, float) {
        return first + i < values ? adjoint_gradient(a.geometry, p, a.workspace.data, first + i) : 0.f;
      });
    } else {
      gradient = forward_gradient(p, a.workspace.data, static_cast<std::size_t>(first), values - first);
    }
    update_parameter<kCount>(a.weight, static_cast<std::size_t>(first), values - first, false, gradient, step);
  }
}

}  // namespace

void launch_merge(const ConvolutionWeightGradient<float>& a, const WeightProduct& product, StreamView stream) {
  const auto values = static_cast<std::size_t>(a.geometry.weight_rows()) * a.geometry.weight_columns();
  const unsigned weight_blocks = blocks_for(values, kValuesOfBlock);
  const unsigned bias_blocks = a.has_bias() ? static_cast<unsigned>(a.geometry.layer_output().channels) : 0;
  launch(stream, {.grid = weight_blocks + bias_blocks, .block = kThreads, .overlaps_previous = true}, merge_kernel, a,
         product, static_cast<int>(weight_blocks));
}

}  // namespace duel

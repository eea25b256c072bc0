#include "kernels/convolution/filters.h"

#include "kernels/device/programmatic_launch.cuh"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

#ifdef DUEL_CPU_DEVICE
constexpr int kThreads = 1;
#else
constexpr int kThreads = 64;
#endif

// A block per class and channel written; each thread takes channels that are read.
__global__ void __launch_bounds__(kThreads)
    filters_kernel(const __grid_constant__ ConvolutionGeometry g, const __grid_constant__ FilterBank bank,
                   const float* __restrict__ weight, float* __restrict__ filters) {
  begin_overlapping_kernel();
  const TapMap& taps = bank.taps;
  const int row = static_cast<int>(blockIdx.x), down = static_cast<int>(blockIdx.y) / taps.classes();
  const int across = static_cast<int>(blockIdx.y) % taps.classes(), taps_across = taps.count(across);
  const int of_channel = taps.count(down) * taps_across;
  float* const to = filters + bank.begin(down, across) + static_cast<std::size_t>(row) * bank.depth(down, across);
  for (int tap = 0; tap < of_channel; ++tap) {
    const int ty = tap / taps_across, tx = tap % taps_across;
    const int y0 = taps.begin(down, ty), y1 = taps.end(down, ty);
    const int x0 = taps.begin(across, tx), x1 = taps.end(across, tx);
    for (int channel = threadIdx.x; channel < bank.channels; channel += kThreads) {
      const int output = taps.adjoint ? channel : row, input = taps.adjoint ? row : channel;
      const float* const kernel =
          weight + (static_cast<std::size_t>(output) * g.input.channels + input) * g.kernel * g.kernel;
      float sum = 0.f;
      for (int ky = y0; ky < y1; ++ky) {
        for (int kx = x0; kx < x1; ++kx) sum += kernel[ky * g.kernel + kx];
      }
      to[channel * of_channel + tap] = sum;
    }
  }
}

}  // namespace

void launch_filters(const ConvolutionGeometry& g, const Passage& passage, const Matrix<const float>& weight,
                    float* filters, StreamView stream) {
  const FilterBank bank(passage);
  const auto classes = static_cast<unsigned>(bank.taps.classes() * bank.taps.classes());
  launch(stream,
         {.grid = dim3(static_cast<unsigned>(bank.rows), classes), .block = kThreads, .overlaps_previous = true},
         filters_kernel, g, bank, weight.data, filters);
}

}  // namespace duel

// A passage by a library's products, on the CPU device, to compare with: a block gathers the rows that a pixel's
// filters meet ("im2col"), multiplies with the library and finishes as ours does.
#pragma once

#include <algorithm>

#include "kernels/convolution/passage_kernels.cuh"
#include "kernels/libraries/library.h"

namespace duel {

/// Copies `count` values of a line, zeros where it is absent.
inline void copy_line(float* to, const float* line, int count) {
  if (line) {
    std::copy_n(line, count, to);
  } else {
    std::fill_n(to, count, 0.f);
  }
}

template <class Arguments>
__global__ void library_passage_kernel(const __grid_constant__ Arguments a, const __grid_constant__ Passage p,
                                       const float* __restrict__ filters) {
  constexpr int kRows = 512, kSamples = 64, kCount = 2 * kHostLanes;
  __shared__ float gathered[kRows][kSamples];
  const Samples samples = samples_of(a);
  const WrittenPixel pixel = written_pixel(p, filters, static_cast<int>(blockIdx.x));
  const GatheredRows rows(samples, pixel.taps);
  const WrittenRows written = written_rows(a);
  const std::size_t distance = static_cast<std::size_t>(p.to.pixels()) * written.stride;
  for (int first = 0; first < samples.count; first += kSamples) {
    const int count = std::min(kSamples, samples.count - first);
    float* const products = written.data + static_cast<std::size_t>(pixel.row) * written.stride + first;
    for (int depth0 = 0; depth0 < pixel.depth; depth0 += kRows) {
      const int depth = std::min(kRows, pixel.depth - depth0);
      for (int i = 0; i < depth; ++i) copy_line(gathered[i], rows.line(depth0 + i, samples.count, first), count);
      multiply_in_block({.a = {pixel.filters + depth0, p.to.channels, depth, pixel.depth},
                         .b = {&gathered[0][0], depth, count, kSamples},
                         .result = products,
                         .result_stride = static_cast<int>(distance)},
                        depth0 > 0);
    }
    for (int channel = 0; channel < p.to.channels; ++channel) {  // which reads again what lies there
      const std::size_t row = static_cast<std::size_t>(channel) * p.to.pixels() + pixel.row;
      for (int c = 0; c < count; c += kCount) {
        const auto product = load_row<kCount>(products + channel * distance + c, count - c);
        finish_piece(a, channel, row, first + c, count - c, false, product);
      }
    }
  }
}

template <class Arguments>
void launch_library_passage(const Arguments& a, StreamView stream) {
  load_product_library();
  const Passage passage = passage_of(a);
  const float* const filters = filters_for(a.geometry, passage, a.weight, a.workspace, stream);
  launch(stream, {static_cast<unsigned>(passage.to.pixels())}, library_passage_kernel<Arguments>, a, passage, filters);
}

}  // namespace duel

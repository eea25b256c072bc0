// A passage by a library's products, on the CPU device, to compare with: a block gathers the rows that a pixel's
// filters meet ("im2col"), multiplies with the library and finishes as ours does.
#pragma once

#include <algorithm>
#include <vector>

#include "kernels/convolution/passage_kernels.cuh"
#include "kernels/libraries/library.h"

namespace duel {

/// A block's own memory, as long as its worker lives.
inline float* block_memory(std::size_t values) {
  static thread_local std::vector<float> memory;
  if (memory.size() < values) memory.resize(values);
  return memory.data();
}

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
  constexpr int kCount = 2 * kHostLanes;
  const Samples samples = samples_of(a);
  const WrittenPixel pixel = written_pixel(p, filters, static_cast<int>(blockIdx.x));
  const GatheredRows rows(samples, pixel.taps);
  const int channels = p.to.channels, batch = samples.count;
  float* const gathered = block_memory(static_cast<std::size_t>(pixel.depth + channels) * batch);
  float* const products = gathered + static_cast<std::size_t>(pixel.depth) * batch;
  for (int i = 0; i < pixel.depth; ++i) {
    copy_line(gathered + static_cast<std::size_t>(i) * batch, rows.line(i, batch, 0), batch);
  }
  multiply_in_block({.a = {pixel.filters, channels, pixel.depth, pixel.depth},
                     .b = {gathered, pixel.depth, batch, batch},
                     .result = products,
                     .result_stride = batch});
  for (int channel = 0; channel < channels; ++channel) {
    const std::size_t row = static_cast<std::size_t>(channel) * p.to.pixels() + pixel.row;
    for (int c = 0; c < batch; c += kCount) {
      const auto product = load_row<kCount>(products + static_cast<std::size_t>(channel) * batch + c, batch - c);
      finish_piece(a, channel, row, c, batch - c, false, product);
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

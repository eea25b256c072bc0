// The kernels of a passage through a convolution, forward or back: an op's arguments say which image is read
// (samples_of), the way through it (passage_of) and what becomes of the products (finish_piece).
#pragma once

#include "kernels/convolution/filters.h"
#include "kernels/convolution/gathered.cuh"
#include "kernels/convolution/shapes.cuh"
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/device/shared.cuh"
#include "kernels/runtime/launch.h"

namespace duel {

/// A pixel that is written: its place, the filters of its class and the taps of that class around what it meets.
struct WrittenPixel {
  int row;  ///< of channel 0
  int depth;
  const float* filters;
  Taps taps;
};

/// The number-th pixel, class after class.
__device__ __forceinline__ WrittenPixel written_pixel(const Passage& p, const float* filters, int number) {
  const TapMap& map = p.taps;
  const int y = map.pixel(number / p.to.width, p.to.height), x = map.pixel(number % p.to.width, p.to.width);
  const int down = y % map.classes(), across = x % map.classes();
  const FilterBank bank(p);
  return {y * p.to.width + x, bank.depth(down, across), filters + bank.begin(down, across),
          Taps(p.from, y / map.classes() * map.step() + map.first(down),
               x / map.classes() * map.step() + map.first(across), map.count(down), map.count(across))};
}

/// A block per pixel and tile of its channels and samples: the product of the pixel's filters and the rows that they
/// meet.
template <class Shape>
struct PassageBlock {
  using Product = BlockProduct<Shape, Layout::depth_contiguous, Layout::extent_contiguous>;
  struct Shared {
    typename Product::Tiles tiles;
  };

  static unsigned blocks(const Passage& p, int batch) {
    return tiles_over(batch, Shape::kColumns) * tiles_over(p.to.channels, Shape::kRows) *
           static_cast<unsigned>(p.to.pixels());
  }

  template <class Arguments>
  static __device__ __forceinline__ void run(const Arguments& a, const Passage& p, const float* filters,
                                             Shared& shared) {
    const Samples samples = samples_of(a);
    const unsigned across = tiles_over(samples.count, Shape::kColumns), down = tiles_over(p.to.channels, Shape::kRows);
    const int column0 = static_cast<int>(blockIdx.x % across) * Shape::kColumns;
    const int channel0 = static_cast<int>(blockIdx.x / across % down) * Shape::kRows;
    const WrittenPixel pixel = written_pixel(p, filters, static_cast<int>(blockIdx.x / across / down));
    const Matrix<const float> filter{pixel.filters, p.to.channels, pixel.depth};
    const bool vectorized = writes_vectors(a);
    block_product<Product>(shared.tiles, extent_along_rows(filter), GatheredRows(samples, pixel.taps), pixel.depth,
                           channel0, column0, [&](int row, int column, auto& sums) {
                             const int channel = channel0 + row, c = column0 + column, valid = samples.count - c;
                             if (channel >= p.to.channels || valid <= 0) return;
                             const std::size_t to = static_cast<std::size_t>(channel) * p.to.pixels() + pixel.row;
                             finish_piece(a, channel, to, c, valid, vectorized, sums);
                           });
  }
};

template <class Shape, class Arguments>
__global__ void __launch_bounds__(Shape::kThreads, kLeastBlocks<Shape::kThreads>)
    passage_kernel(const __grid_constant__ Arguments arguments, const __grid_constant__ Passage passage,
                   const float* __restrict__ filters) {
  begin_overlapping_kernel();
  using Block = PassageBlock<Shape>;
  using Shared = typename Block::Shared;
  if constexpr (kNeedsDynamicShared<Shared, Shape::kThreads>) {
    Block::run(arguments, passage, filters, *dynamic_shared<Shared>());
  } else {
    __shared__ Shared shared;
    Block::run(arguments, passage, filters, shared);
  }
}

template <class Shape, class Arguments>
void launch_passage(const Arguments& a, StreamView stream) {
  using Block = PassageBlock<Shape>;
  const Passage passage = passage_of(a);
  const float* const filters = filters_for(a.geometry, passage, a.weight, a.workspace, stream);
  launch(stream,
         {.grid = Block::blocks(passage, samples_of(a).count),
          .block = Shape::kThreads,
          .dynamic_shared_bytes = kDynamicSharedBytes<typename Block::Shared, Shape::kThreads>,
          .overlaps_previous = true},
         passage_kernel<Shape, Arguments>, a, passage, filters);
}

/// The simplest form: a thread per value, which sums up weight times input over channels and kernel.
template <class Arguments>
__global__ void __launch_bounds__(kDirectThreads, kLeastBlocks<kDirectThreads>)
    direct_passage_kernel(const __grid_constant__ Arguments a) {
  begin_overlapping_kernel();
  const Passage p = passage_of(a);
  const Samples samples = samples_of(a);
  const TapMap& map = p.taps;
  const auto i = static_cast<std::size_t>(blockIdx.x) * kDirectThreads + threadIdx.x;
  const int row = static_cast<int>(i / samples.count), c = static_cast<int>(i % samples.count);
  if (row >= p.to.rows()) return;
  const int channel = row / p.to.pixels(), y = row % p.to.pixels() / p.to.width, x = row % p.to.width;
  const int down = y % map.classes(), across = x % map.classes();
  const int y0 = y / map.classes() * map.step() + map.first(down);
  const int x0 = x / map.classes() * map.step() + map.first(across);
  float sum = 0.f;
  for (int from = 0; from < p.from.channels; ++from) {
    const int output = map.adjoint ? from : channel, input = map.adjoint ? channel : from;
    const float* const kernel = a.weight.data + (static_cast<std::size_t>(output) * a.geometry.input.channels + input) *
                                                    map.kernel * map.kernel;
    for (int ty = 0; ty < map.count(down); ++ty) {
      for (int tx = 0; tx < map.count(across); ++tx) {
        const int fy = y0 + ty, fx = x0 + tx;
        if (fy < 0 || fy >= p.from.height || fx < 0 || fx >= p.from.width) continue;
        const std::size_t met = static_cast<std::size_t>(from) * p.from.pixels() + fy * p.from.width + fx;
        const float value = samples.data[met * samples.stride + c];
        for (int ky = map.begin(down, ty); ky < map.end(down, ty); ++ky) {
          for (int kx = map.begin(across, tx); kx < map.end(across, tx); ++kx) {
            sum += kernel[ky * map.kernel + kx] * value;
          }
        }
      }
    }
  }
  finish_piece(a, channel, static_cast<std::size_t>(row), c, 1, false, RegisterRow<1>::filled(sum));
}

template <class Arguments>
void launch_direct_passage(const Arguments& a, StreamView stream) {
  const std::size_t values = static_cast<std::size_t>(passage_of(a).to.rows()) * samples_of(a).count;
  launch(stream, {.grid = blocks_for(values, kDirectThreads), .block = kDirectThreads, .overlaps_previous = true},
         direct_passage_kernel<Arguments>, a);
}

}  // namespace duel

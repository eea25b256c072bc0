// The products of convolution_weight_gradient, part by part, into its workspace. The depth of a product runs over
// pixels, and over the samples of each.
#pragma once

#include "kernels/convolution/gathered.cuh"
#include "kernels/convolution/shapes.cuh"
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/device/shared.cuh"
#include "kernels/ops/convolution_weight_gradient/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {

/// A range of pixels and their samples as a depth: each pixel has as many steps of a tile as its samples take, the last
/// one filled up with zeros.
struct PixelDepth {
  int first_pixel, pixels;
  int samples, of_pixel;  ///< there are, and with the zeros

  __device__ __forceinline__ PixelDepth(int first, int pixels_, int samples_, int step)
      : first_pixel(first), pixels(pixels_), samples(samples_), of_pixel((samples_ + step - 1) / step * step) {}

  __device__ __forceinline__ int depth() const { return pixels * of_pixel; }
  __device__ __forceinline__ int pixel(int depth0) const { return first_pixel + depth0 / of_pixel; }
  __device__ __forceinline__ int sample(int depth0) const { return depth0 % of_pixel; }
};

/// A: a line per channel of the rows' image.
struct ChannelLines {
  static constexpr bool kIsMatrix = false;
  const float* data;
  int extent;
  bool vectorized;
  int stride, pixels;
  PixelDepth depth;

  __device__ __forceinline__ ChannelLines(const Samples& all, const ImageShape& image, const PixelDepth& depth_)
      : data(all.data),
        extent(image.channels),
        vectorized(all.vectorized),
        stride(all.stride),
        pixels(image.pixels()),
        depth(depth_) {}

  __device__ __forceinline__ const float* line(int i, int, int depth0) const {
    return data + (static_cast<std::size_t>(i) * pixels + depth.pixel(depth0)) * stride + depth.sample(depth0);
  }
  __device__ __forceinline__ std::size_t distance(int) const { return static_cast<std::size_t>(pixels) * stride; }
  __device__ __forceinline__ int left(int, int depth0) const { return depth.samples - depth.sample(depth0); }
};

/// B: a line per channel and tap of the gathered image.
struct TapLines {
  static constexpr bool kIsMatrix = false;
  const float* data;
  int extent;
  bool vectorized;
  int stride, step, width;
  Taps taps;
  PixelDepth depth;

  __device__ __forceinline__ TapLines(const Samples& all, const WeightProduct& product, const PixelDepth& depth_)
      : data(all.data),
        extent(product.columns),
        vectorized(all.vectorized),
        stride(all.stride),
        step(product.passage.taps.step()),
        width(product.passage.to.width),
        taps(product.passage.from, product.passage.taps.first(0), product.passage.taps.first(0),
             product.passage.taps.count(0), product.passage.taps.count(0)),
        depth(depth_) {}

  __device__ __forceinline__ const float* line(int i, int, int depth0) const {
    const int pixel = depth.pixel(depth0), y = pixel / width, x = pixel - y * width;
    const int row = taps.row(i, step * y, step * x);
    return row < 0 ? nullptr : data + static_cast<std::size_t>(row) * stride + depth.sample(depth0);
  }
  __device__ __forceinline__ int left(int, int depth0) const { return depth.samples - depth.sample(depth0); }
};

/// The two images of a product.
struct PartImages {
  Samples rows, gathered;

  __device__ __forceinline__ PartImages(const ConvolutionWeightGradient<float>& a, const WeightProduct& p)
      : rows(of_input(a, p.rows_are_inputs())), gathered(of_input(a, !p.rows_are_inputs())) {}

 private:
  // Of the convolution, which is the output of a transposed layer.
  static __device__ __forceinline__ Samples of_input(const ConvolutionWeightGradient<float>& a, bool is_input) {
    return Samples(is_input != a.geometry.transposed ? a.input : a.d_linear, 0, a.batch());
  }
};

/// A block owns a tile of a part's product.
template <class Shape>
struct PartialProductBlock {
  using Product = BlockProduct<Shape, Layout::depth_contiguous, Layout::depth_contiguous>;
  struct Shared {
    typename Product::Tiles tiles;
  };

  static unsigned blocks(const WeightProduct& p) {
    return tiles_over(p.rows, Shape::kRows) * tiles_over(p.columns, Shape::kColumns) * static_cast<unsigned>(p.parts);
  }

  static __device__ __forceinline__ void run(const ConvolutionWeightGradient<float>& a, const WeightProduct& p,
                                             Shared& shared) {
    const PartImages images(a, p);
    const unsigned across = tiles_over(p.columns, Shape::kColumns), down = tiles_over(p.rows, Shape::kRows);
    const int column0 = static_cast<int>(blockIdx.x % across) * Shape::kColumns;
    const int row0 = static_cast<int>(blockIdx.x / across % down) * Shape::kRows;
    const int part = static_cast<int>(blockIdx.x / across / down), first = part * p.pixels_of_part;
    const int pixels = p.pixels - first < p.pixels_of_part ? p.pixels - first : p.pixels_of_part;
    const PixelDepth depth(first, pixels, a.batch(), Shape::kDepth);
    float* const to = a.workspace.data + static_cast<std::size_t>(part) * p.rows * p.columns;
    block_product<Product>(shared.tiles, ChannelLines(images.rows, p.passage.to, depth),
                           TapLines(images.gathered, p, depth), depth.depth(), row0, column0,
                           [&](int row, int column, auto& sums) {
                             const int r = row0 + row, c = column0 + column, valid = p.columns - c;
                             if (r < p.rows && valid > 0)
                               store_row(to + static_cast<std::size_t>(r) * p.columns + c, sums, valid, false);
                           });
  }
};

template <class Shape>
__global__ void __launch_bounds__(Shape::kThreads, kLeastBlocks<Shape::kThreads>)
    partial_products_kernel(const __grid_constant__ ConvolutionWeightGradient<float> arguments,
                            const __grid_constant__ WeightProduct product) {
  begin_overlapping_kernel();
  using Block = PartialProductBlock<Shape>;
  using Shared = typename Block::Shared;
  if constexpr (kNeedsDynamicShared<Shared, Shape::kThreads>) {
    Block::run(arguments, product, *dynamic_shared<Shared>());
  } else {
    __shared__ Shared shared;
    Block::run(arguments, product, shared);
  }
}

template <class Shape>
void weight_gradient_by_tiles(const ConvolutionWeightGradient<float>& a, StreamView stream) {
  using Block = PartialProductBlock<Shape>;
  const WeightProduct product(a.geometry, a.batch());
  launch(stream,
         {.grid = Block::blocks(product),
          .block = Shape::kThreads,
          .dynamic_shared_bytes = kDynamicSharedBytes<typename Block::Shared, Shape::kThreads>,
          .overlaps_previous = true},
         partial_products_kernel<Shape>, a, product);
  launch_merge(a, product, stream);
}

}  // namespace duel

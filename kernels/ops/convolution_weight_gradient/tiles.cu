#include "kernels/ops/convolution_weight_gradient/partial_products.cuh"

namespace duel {
namespace {

// The simplest form of a part's product: a thread per value.
__global__ void __launch_bounds__(kDirectThreads, kLeastBlocks<kDirectThreads>)
    direct_products_kernel(const __grid_constant__ ConvolutionWeightGradient<float> a,
                           const __grid_constant__ WeightProduct p) {
  begin_overlapping_kernel();
  const auto i = static_cast<std::size_t>(blockIdx.x) * kDirectThreads + threadIdx.x;
  if (i >= static_cast<std::size_t>(p.parts) * p.rows * p.columns) return;
  const int column = static_cast<int>(i % p.columns), row = static_cast<int>(i / p.columns % p.rows);
  const int first = static_cast<int>(i / p.columns / p.rows) * p.pixels_of_part, end = first + p.pixels_of_part;
  const PartImages images(a, p);
  const TapMap& map = p.passage.taps;
  const Taps taps(p.passage.from, map.first(0), map.first(0), map.count(0), map.count(0));
  float sum = 0.f;
  for (int pixel = first; pixel < end && pixel < p.pixels; ++pixel) {
    const int width = p.passage.to.width;
    const int met = taps.row(column, map.step() * (pixel / width), map.step() * (pixel % width));
    if (met < 0) continue;
    const float* const one = images.rows.data + (static_cast<std::size_t>(row) * p.pixels + pixel) * images.rows.stride;
    const float* const other = images.gathered.data + static_cast<std::size_t>(met) * images.gathered.stride;
    for (int c = 0; c < a.batch(); ++c) sum += one[c] * other[c];
  }
  a.workspace.data[i] = sum;
}

}  // namespace

void convolution_weight_gradient_direct(const ConvolutionWeightGradient<float>& a, StreamView stream) {
  const WeightProduct product(a.geometry, a.batch());
  launch(stream,
         {.grid = blocks_for(product.workspace(), kDirectThreads), .block = kDirectThreads, .overlaps_previous = true},
         direct_products_kernel, a, product);
  launch_merge(a, product, stream);
}
void convolution_weight_gradient_tiles(const ConvolutionWeightGradient<float>& a, StreamView stream) {
  weight_gradient_by_tiles<GpuConvolutionShapes::Weight>(a, stream);
}
void convolution_weight_gradient_split_depth(const ConvolutionWeightGradient<float>& a, StreamView stream) {
  weight_gradient_by_tiles<SplitDepthConvolutionShapes::Weight>(a, stream);
}
#ifndef __CUDACC__
void convolution_weight_gradient_one_thread(const ConvolutionWeightGradient<float>& a, StreamView stream) {
  if (WeightProduct(a.geometry, a.batch()).columns <= CpuFewColumnsShapes::kMost) {
    return weight_gradient_by_tiles<CpuFewColumnsShapes::Weight>(a, stream);
  }
  weight_gradient_by_tiles<CpuConvolutionShapes::Weight>(a, stream);
}
#endif

}  // namespace duel

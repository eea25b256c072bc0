#include "kernels/convolution/shapes.cuh"
#include "kernels/ops/convolution_weight_gradient/launchers.h"
#include "kernels/ops/convolution_weight_gradient/partial_products.cuh"

namespace duel {
namespace {

// The simplest form of a part's product: a thread per value.
__global__ void __launch_bounds__(kDirectThreads)
    direct_products_kernel(const __grid_constant__ ConvolutionWeightGradient<float> a,
                           const __grid_constant__ WeightProduct p) {
  begin_overlapping_kernel();
  const auto i = static_cast<std::size_t>(blockIdx.x) * kDirectThreads + threadIdx.x;
  if (i >= static_cast<std::size_t>(p.parts) * p.rows * p.columns) return;
  const int column = static_cast<int>(i % p.columns), row = static_cast<int>(i / p.columns % p.rows);
  const int first = static_cast<int>(i / p.columns / p.rows) * p.pixels_of_part, end = first + p.pixels_of_part;
  const bool rows_are_of_layer_input = p.rows_are_inputs() != a.geometry.transposed;
  const Matrix<const float>& rows = rows_are_of_layer_input ? a.input : a.d_linear;
  const Matrix<const float>& gathered = rows_are_of_layer_input ? a.d_linear : a.input;
  const TapMap& map = p.passage.taps;
  const Taps taps(p.passage.from, map.first(0), map.first(0), map.count(0), map.count(0));
  float sum = 0.f;
  for (int pixel = first; pixel < end && pixel < p.pixels; ++pixel) {
    const int width = p.passage.to.width;
    const int met = taps.row(column, map.step() * (pixel / width), map.step() * (pixel % width));
    if (met < 0) continue;
    const float* const one = rows.data + (static_cast<std::size_t>(row) * p.pixels + pixel) * rows.columns;
    const float* const other = gathered.data + static_cast<std::size_t>(met) * gathered.columns;
    for (int c = 0; c < a.batch(); ++c) sum += one[c] * other[c];
  }
  a.workspace.data[i] = sum;
}

template <class Shape>
void by_tiles(const ConvolutionWeightGradient<float>& a, StreamView stream) {
  const WeightProduct product(a.geometry, a.batch());
  launch_partial_products<Shape>(a, product, stream);
  launch_merge(a, product, stream);
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
  by_tiles<GpuConvolutionShapes::Weight>(a, stream);
}
#ifndef __CUDACC__
void convolution_weight_gradient_one_thread(const ConvolutionWeightGradient<float>& a, StreamView stream) {
  by_tiles<CpuConvolutionShapes::Weight>(a, stream);
}
#endif

}  // namespace duel

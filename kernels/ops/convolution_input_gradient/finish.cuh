// What follows convolution_input_gradient's product, whoever computed it.
#pragma once

#include "kernels/convolution/gathered.cuh"
#include "kernels/device/vector_math.cuh"
#include "kernels/ops/convolution_input_gradient/convolution_input_gradient.h"

namespace duel {

__host__ __device__ __forceinline__ Passage passage_of(const ConvolutionInputGradient<float>& a) {
  return a.passage();
}
__host__ __device__ __forceinline__ Samples samples_of(const ConvolutionInputGradient<float>& a) {
  return {a.d_linear, a.first_column, a.batch()};
}
__host__ __device__ __forceinline__ WrittenRows written_rows(const ConvolutionInputGradient<float>& a) {
  return {a.d_below.data + a.below_column, a.d_below.columns};
}
/// Whether pieces of what is written begin at multiples of 16 bytes.
__device__ __forceinline__ bool writes_vectors(const ConvolutionInputGradient<float>& a) {
  return is_vectorized(a.d_below) && a.below_column % 4 == 0;
}

/// Factors and the activation below, for `valid` products of a channel, in its row of d_below, from sample c on.
template <int kCount>
__device__ __forceinline__ void finish_piece(const ConvolutionInputGradient<float>& a, int, std::size_t row, int c,
                                             int valid, bool vectorized, const RegisterRow<kCount>& product) {
  RegisterRow<kCount> d = product;
  if (a.factor) d = d * load_row<kCount>(a.factor.data + c, valid);
  float* const to = a.d_below.data + row * a.d_below.columns + a.below_column + c;
  if (!a.output) return store_row(to, d, valid, vectorized);
  const auto y = load_row<kCount>(a.output.data + row * a.output.columns + a.first_column + c, valid);
  with_activation(a.below, a.slope, [&](auto f) { store_row(to, f.gradient(y, d), valid, vectorized); });
}

}  // namespace duel

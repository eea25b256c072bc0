// What follows a convolution's product, whoever computed it.
#pragma once

#include "kernels/convolution/gathered.cuh"
#include "kernels/device/vector_math.cuh"
#include "kernels/ops/convolution/convolution.h"

namespace duel {

__host__ __device__ __forceinline__ Passage passage_of(const Convolution<float>& a) {
  return forward_passage(a.geometry);
}
__host__ __device__ __forceinline__ Samples samples_of(const Convolution<float>& a) {
  return {a.input, 0, a.batch()};
}
__host__ __device__ __forceinline__ WrittenRows written_rows(const Convolution<float>& a) {
  return {a.output.data + a.first_column, a.output.columns};
}
/// Whether pieces of what is written begin at multiples of 16 bytes.
__device__ __forceinline__ bool writes_vectors(const Convolution<float>& a) {
  return is_vectorized(a.output) && a.first_column % 4 == 0;
}

/// Bias, activation and unit gradient of `valid` products of a channel, for its row of the output, from sample c on.
template <int kCount>
__device__ __forceinline__ void finish_piece(const Convolution<float>& a, int channel, std::size_t row, int c,
                                             int valid, bool vectorized, const RegisterRow<kCount>& product) {
  const auto linear = product + RegisterRow<kCount>::filled(a.bias ? a.bias.data[channel] : 0.f);
  float* const to = a.output.data + row * a.output.columns + a.first_column + c;
  with_activation(a.activation, a.slope, [&](auto f) {
    const auto y = f.value(linear);
    store_row(to, y, valid, vectorized);
    if (!a.head_weight) return;
    const auto unit = f.gradient(y, RegisterRow<kCount>::filled(a.head_weight.data[row]));
    store_row(a.unit_gradient.data + row * a.unit_gradient.columns + c, unit, valid,
              vectorized && is_vectorized(a.unit_gradient));
  });
}

}  // namespace duel

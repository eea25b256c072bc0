// Functions of the values of a RegisterRow that are slow one at a time on a CPU. Where a GPU has them, the GPU's.
#pragma once

#include "kernels/device/register_row.cuh"
#if defined(__AVX512F__) && !defined(__CUDACC__)
#include <immintrin.h>
#endif

namespace duel {

#if !defined(__CUDACC__) && !defined(DUEL_CHECKED)
namespace host {

// e^x for -87 <= x <= 20: 2^n e^r with |r| <= ln(2) / 2, the polynomial and the parts of ln(2) from expf of S.
// Moshier's Cephes library. Works on vectors of floats.
template <class Lanes>
__forceinline__ Lanes exp_of_positive(Lanes x) {
  using Integers = decltype(x > 0.f);
  constexpr float kToInteger = 12582912.f;  // 1.5 * 2^23: added, a number's fraction is rounded away
  const Lanes shifted = x * 1.44269504f + kToInteger, n = shifted - kToInteger;
  const Lanes r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  const Lanes p = ((((1.9875691500e-4f * r + 1.3981999507e-3f) * r + 8.3334519073e-3f) * r + 4.1665795894e-2f) * r +
                   1.6666665459e-1f) *
                      r +
                  5.0000001201e-1f;
  const Lanes scale = (Lanes)(((Integers)shifted << 23) + 0x3f800000);  // n lies in the lowest bits
  return (p * r * r + r + 1.f) * scale;
}

// The polynomial near 0 from tanhf of Cephes; elsewhere 1 - 2 / (e^2|x| + 1), which is 1 beyond 9.02.
template <class Lanes>
__forceinline__ Lanes tanh_of(Lanes x) {
  const Lanes one = Lanes{} + 1.f, size = x < 0.f ? -x : x, square = x * x;
  const Lanes near =
      ((((-5.70498872745e-3f * square + 2.06390887954e-2f) * square - 5.37397155531e-2f) * square + 1.33314422036e-1f) *
           square -
       3.33332819422e-1f) *
          square * x +
      x;
  const Lanes far = one - 2.f / (exp_of_positive(2.f * (size > 9.1f ? Lanes{} + 9.1f : size)) + one);
  return size < 0.625f ? near : x < 0.f ? -far : far;
}

// 1 / (1 + e^|x|), below 3e-9 beyond 20, or 1 less that where x is positive.
template <class Lanes>
__forceinline__ Lanes sigmoid_of(Lanes x) {
  const Lanes one = Lanes{} + 1.f, size = x < 0.f ? -x : x;
  const Lanes small = 1.f / (exp_of_positive(size > 20.f ? Lanes{} + 20.f : size) + one);
  return x > 0.f ? one - small : small;
}

#ifdef __AVX512F__
// From the processor's estimates to 14 bits with a step of Newton's method each; the divider would take three times as
// long. Kept within the range where the estimate of the root is finite and not 0.
inline __m512 inverse_of_root_plus(__m512 x, float eps) {
  const __m512 finite = _mm512_min_ps(_mm512_set1_ps(3.40282347e38f), x);  // passes NaN on
  const __m512 estimate = _mm512_rsqrt14_ps(_mm512_max_ps(_mm512_set1_ps(1.17549435e-38f), finite));
  const __m512 root = _mm512_mul_ps(finite, estimate), half = _mm512_mul_ps(_mm512_set1_ps(0.5f), estimate);
  const __m512 better = _mm512_fmadd_ps(half, _mm512_fnmadd_ps(root, root, finite), root);
  const __m512 sum = _mm512_add_ps(better, _mm512_set1_ps(eps)), inverse = _mm512_rcp14_ps(sum);
  return _mm512_mul_ps(inverse, _mm512_fnmadd_ps(sum, inverse, _mm512_set1_ps(2.f)));
}
#endif

}  // namespace host
#endif

/// tanh, to 3 units in the last place.
template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> tanh_of(const RegisterRow<kCount>& row) {
#if defined(__CUDACC__) || defined(DUEL_CHECKED)
  return transform(row, [](int, float x) { return tanhf(x); });
#else
  return RegisterRow<kCount>::zip(row, row, [](auto x, auto) { return host::tanh_of(x); });
#endif
}

__device__ __forceinline__ float sigmoid(float x) {
  return 1.f / (1.f + expf(-x));
}

/// 1 / (1 + e^-x), to 4 units of 2^-24.
template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> sigmoid_of(const RegisterRow<kCount>& row) {
#if defined(__CUDACC__) || defined(DUEL_CHECKED)
  return transform(row, [](int, float x) { return sigmoid(x); });
#else
  return RegisterRow<kCount>::zip(row, row, [](auto x, auto) { return host::sigmoid_of(x); });
#endif
}

/// e^x for x <= 0, to 3 units in the last place down to e^-87; 0 or a number smaller than that below.
template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> exp_of_negative(const RegisterRow<kCount>& row) {
#if defined(__CUDACC__) || defined(DUEL_CHECKED)
  return transform(row, [](int, float x) { return expf(x); });
#else
  return RegisterRow<kCount>::zip(row, row, [](auto x, auto) {
    return x >= -87.f ? host::exp_of_positive(x >= -87.f ? x : decltype(x){} - 87.f) : decltype(x){};
  });
#endif
}

/// a b + c. For a single value it is said which product is not rounded: a compiler that may contract takes either.
template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> multiply_add(const RegisterRow<kCount>& a, float b,
                                                            const RegisterRow<kCount>& c) {
#if defined(__FMA__) && !defined(__CUDACC__)
  if constexpr (kCount == 1) return RegisterRow<1>::filled(__builtin_fmaf(a.get(0), b, c.get(0)));
#endif
  return a * b + c;
}

/// 1 / (sqrt(x) + eps) for x >= 0 and eps > 0, to 4 units in the last place.
template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> inverse_of_root_plus(const RegisterRow<kCount>& row, float eps) {
#if defined(__AVX512F__) && !defined(__CUDACC__) && !defined(DUEL_CHECKED)
  if constexpr (kCount % 16 == 0) {
    return RegisterRow<kCount>::zip(
        row, row, [eps](auto x, auto) { return (decltype(x))host::inverse_of_root_plus((__m512)x, eps); });
  }
#endif
  return transform(row, [eps](int, float x) { return 1.f / (sqrtf(x) + eps); });
}

}  // namespace duel

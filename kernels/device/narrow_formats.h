// Floats rounded to formats of fewer bits, as a GPU's conversions do it. Host builds only.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace duel {
namespace detail {

inline std::uint32_t bits_of(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof x);
  return bits;
}
inline float float_of(std::uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

}  // namespace detail

/// To the nearest with 11 significant bits, halves away from 0 (cvt.rna.tf32.f32).
inline float rounded_to_tf32(float x) {
  if (!std::isfinite(x)) return x;
  return detail::float_of((detail::bits_of(x) + 0x1000u) & ~0x1fffu);
}

/// To the nearest with 8 significant bits, halves to even (cvt.rn.bf16x2.f32).
inline float rounded_to_bf16(float x) {
  if (!std::isfinite(x)) return x;
  const std::uint32_t bits = detail::bits_of(x);
  return detail::float_of((bits + 0x7fffu + (bits >> 16 & 1u)) & 0xffff0000u);
}

/// To the nearest of the half-precision numbers, halves to even (cvt.rn.f16.f32).
inline float rounded_to_fp16(float x) {
  if (!std::isfinite(x)) return x;
  const float size = std::fabs(x);
  if (size >= 65520.f) return std::copysign(std::numeric_limits<float>::infinity(), x);
  int exponent = 0;
  std::frexp(size, &exponent);  // size < 2^exponent
  const float step = std::ldexp(1.f, exponent - 11 < -24 ? -24 : exponent - 11);
  return std::nearbyint(x / step) * step;  // both are exact: powers of two
}

}  // namespace duel

// Two normally distributed values from two random words, by the method of Box and Muller.
#pragma once

#include "kernels/device/random.cuh"

namespace duel {

__device__ __forceinline__ float2 normal_pair(std::uint32_t word0, std::uint32_t word1) {
  const float radius = sqrtf(-2.f * logf(uniform_open(word0)));
  float sine, cosine;
  sincospif(2.f * uniform_open(word1), &sine, &cosine);
  return make_float2(radius * cosine, radius * sine);
}

}  // namespace duel

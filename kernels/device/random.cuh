// Counter-based random numbers: Philox4x32-10 of Random123, the same on host and device. Source: J. Salmon et al.,
// Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
#pragma once

#include <Random123/philox.h>
#include <cuda_runtime.h>

#include <cstdint>

namespace duel {

struct RandomWords {
  std::uint32_t word[4];
};

/// 128 random bits that depend on seed and counter alone.
__host__ __device__ __forceinline__ RandomWords random_words(std::uint64_t seed, std::uint32_t c0, std::uint32_t c1,
                                                             std::uint32_t c2, std::uint32_t c3) {
  const r123::Philox4x32::ctr_type counter = {{c0, c1, c2, c3}};
  const r123::Philox4x32::key_type key = {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const auto result = r123::Philox4x32()(counter, key);
  return {{result[0], result[1], result[2], result[3]}};
}

/// The words of four neighbouring columns, 4 * group and after, in a row of one of an iteration's draws.
__host__ __device__ __forceinline__ RandomWords draw_words(std::uint64_t seed, std::uint64_t iteration,
                                                           std::uint32_t draw, std::uint32_t row, std::uint32_t group) {
  return random_words(seed ^ (iteration >> 32 << 32), group, row, draw, static_cast<std::uint32_t>(iteration));
}

/// Uniform in (0, 1): the middle of one of 2^23 equal intervals, exact in float.
__host__ __device__ __forceinline__ float uniform_open(std::uint32_t word) {
  return (static_cast<float>(word >> 9) + 0.5f) * (1.0f / 8388608.0f);
}

}  // namespace duel

// A permutation of 0 .. count - 1 that is computed, not stored: a balanced Feistel network over 2 h bits, 4^h >= count,
// walked from value to value until it lands below count. A walk is short: on average under four steps.
// Source: M. Luby and C. Rackoff, How to construct pseudorandom permutations from pseudorandom functions (1988); J.
// Black and P. Rogaway, Ciphers with arbitrary finite domains (2002), cycle walking.
#pragma once

#include "kernels/device/random.cuh"

namespace duel {

/// Where position `position` (< count) of the order of (seed, epoch) points: each index below count exactly once.
__host__ __device__ __forceinline__ std::uint64_t permuted_index(std::uint64_t position, std::uint64_t count,
                                                                 std::uint64_t seed, std::uint64_t epoch) {
  constexpr std::uint32_t kRounds = 6;
  // Latents put a row, below 2^31, where the round goes: with this bit no word of theirs is used twice.
  constexpr std::uint32_t kNotALatent = 0x80000000u;
  int half_bits = 1;
  while (half_bits < 32 && (std::uint64_t{1} << 2 * half_bits) < count) ++half_bits;
  const std::uint64_t mask = (std::uint64_t{1} << half_bits) - 1;
  std::uint64_t value = position;
  do {
    std::uint64_t left = value >> half_bits, right = value & mask;
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      const RandomWords words =
          random_words(seed, static_cast<std::uint32_t>(right), kNotALatent | round, static_cast<std::uint32_t>(epoch),
                       static_cast<std::uint32_t>(epoch >> 32));
      const std::uint64_t mixed = left ^ (words.word[0] & mask);
      left = right;
      right = mixed;
    }
    value = left << half_bits | right;
  } while (value >= count);
  return value;
}

}  // namespace duel

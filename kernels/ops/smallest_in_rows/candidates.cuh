// The smallest values that one thread has seen, ascending, in registers.
#pragma once

#include <cuda_runtime.h>

#include "kernels/ops/smallest_in_rows/smallest_in_rows.h"

namespace duel {

struct Candidate {
  float value;
  std::int32_t place;
};

/// False for NaN. Equal values are ordered by their places, so that the order is total and the result no accident.
__device__ __forceinline__ bool comes_before(const Candidate& a, const Candidate& b) {
  return a.value < b.value || (a.value == b.value && a.place < b.place);
}

__device__ __forceinline__ Candidate no_candidate() {
  return {__int_as_float(0x7f800000), kNoPlace};  // infinity
}

template <int kCount>
struct Candidates {
  Candidate entry[kCount];

  static __device__ __forceinline__ Candidates none() {
    Candidates result;
#pragma unroll
    for (int i = 0; i < kCount; ++i) result.entry[i] = no_candidate();
    return result;
  }
  __device__ __forceinline__ void insert(Candidate next) {
    if (!comes_before(next, entry[kCount - 1])) return;
#pragma unroll
    for (int i = 0; i < kCount; ++i) {
      if (!comes_before(next, entry[i])) continue;
      const Candidate moved = entry[i];
      entry[i] = next;
      next = moved;
    }
  }
  __device__ __forceinline__ void drop_first() {
#pragma unroll
    for (int i = 0; i + 1 < kCount; ++i) entry[i] = entry[i + 1];
    entry[kCount - 1] = no_candidate();
  }
};

}  // namespace duel

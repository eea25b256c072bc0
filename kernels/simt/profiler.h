// What a profiler would have seen between cudaProfilerStart and cudaProfilerStop. There is none on the CPU device; the
// calls are remembered, so that tests can ask for them.
#pragma once

#include <vector>

#include "kernels/simt/simt.h"

namespace simt {

/// From one cudaProfilerStart to the cudaProfilerStop after it. Exact where the host waited for its work before both.
struct ProfiledStretch {
  Counters start;
  Counters stop;             ///< as `start` while the stretch is open
  bool is_open = true;       ///< cudaProfilerStop has not come yet
  int redundant_starts = 0;  ///< further calls of cudaProfilerStart, without effect
};

/// All stretches since the program's start, oldest first.
std::vector<ProfiledStretch> profiled_stretches();

}  // namespace simt

// The CPU device's stand-in: no profiler listens, but kernels/simt/profiler.h tells tests what one would have seen.
#pragma once

#include <cuda_runtime.h>

/// Where a profiler that waits for it begins and ends to collect. Without effect where it does so already.
cudaError_t cudaProfilerStart();
cudaError_t cudaProfilerStop();

// The CPU device's CUDA runtime. Host builds have this folder first on their include path, so that the same
// #include <cuda_runtime.h> serves nvcc and a host compiler.
#pragma once

#include <algorithm>

#include "kernels/simt/atomics.h"
#include "kernels/simt/device_math.h"
#include "kernels/simt/launch.h"
#include "kernels/simt/runtime_api.h"
#include "kernels/simt/thread_model.h"
#include "kernels/simt/vector_types.h"

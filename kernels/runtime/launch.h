// Public. The one way to launch a kernel, for nvcc and host compilers alike.
#pragma once

#include <cuda_runtime.h>

#include <algorithm>
#include <climits>
#include <cstddef>
#include <utility>

#include "kernels/runtime/device.h"
#include "kernels/runtime/handles.h"

namespace duel {

/// Shared memory that every GPU gives a block without being asked.
inline constexpr std::size_t kStaticSharedBytes = 48 * 1024;

struct LaunchShape {
  dim3 grid = 1;
  dim3 block = 1;
  std::size_t dynamic_shared_bytes = 0;
  /// The kernel begins with begin_overlapping_kernel() (kernels/device/programmatic_launch.cuh): where its code has the
  /// instruction that waits, it may start before the kernel in front of it has ended.
  bool overlaps_previous = false;
};

/// The least architecture whose code can wait for the kernel before it (kernels/device/programmatic_launch.cuh).
inline constexpr int kOverlappingArchitecture = 90;

/// Blocks of `per_block` that cover `count`; at least one.
constexpr unsigned blocks_for(std::size_t count, std::size_t per_block) {
  return static_cast<unsigned>(count == 0 ? 1 : (count + per_block - 1) / per_block);
}

/// Throws CudaError unless `result`, of launching the kernel or of asking for its memory, is cudaSuccess. Where it is
/// about the launch's shape, it names the kernel, its shape and what is possible.
void check_launch(cudaError_t result, const void* kernel, const LaunchShape& shape);

/// Launches kernel(arguments...) on the stream. Arguments convert to the kernel's parameter types and are copied.
/// Throws CudaError where the launch is refused; what happens inside shows at the next synchronisation.
template <class... Parameters, class... Arguments>
void launch(StreamView stream, const LaunchShape& shape, void (*kernel)(Parameters...), Arguments&&... arguments) {
  const auto* const address = reinterpret_cast<const void*>(kernel);
  cudaLaunchConfig_t config{};
  config.gridDim = shape.grid;
  config.blockDim = shape.block;
  config.dynamicSmemBytes = shape.dynamic_shared_bytes;
  config.stream = stream.get();
  cudaLaunchAttribute overlap{};
  overlap.id = cudaLaunchAttributeProgrammaticStreamSerialization;
  overlap.val.programmaticStreamSerializationAllowed = 1;
  if (shape.overlaps_previous && architecture_of(address) >= kOverlappingArchitecture) {
    config.attrs = &overlap;
    config.numAttrs = 1;
  }
  if (shape.dynamic_shared_bytes > kStaticSharedBytes) {
    const auto bytes = static_cast<int>(std::min<std::size_t>(shape.dynamic_shared_bytes, INT_MAX));
    check_launch(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes), address, shape);
  }
  check_launch(cudaLaunchKernelEx(&config, kernel, std::forward<Arguments>(arguments)...), address, shape);
}

}  // namespace duel

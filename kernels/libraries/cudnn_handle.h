// cuDNN's handle, for the files that call it.
#pragma once

#include <cudnn.h>

#include <mutex>

#include "kernels/libraries/library_error.h"
#include "kernels/libraries/per_device.h"
#include "kernels/libraries/relaxed_capture.h"
#include "kernels/runtime/handles.h"

namespace duel {

inline void check_cudnn(cudnnStatus_t status, SourcePlace place = SourcePlace::current()) {
  if (status != CUDNN_STATUS_SUCCESS) throw_library_error("cuDNN", cudnnGetErrorString(status), place);
}

using CudnnTensor = detail::Owned<cudnnTensorDescriptor_t, cudnnDestroyTensorDescriptor>;

struct CudnnHandle {
  cudnnHandle_t handle = nullptr;
  std::mutex mutex;

  CudnnHandle() { check_cudnn(cudnnCreate(&handle)); }
};

/// Calls use(handle) with the current device's handle, whose work goes to the stream. A handle belongs to one thread at
/// a time: others wait.
template <class Use>
void with_cudnn(StreamView stream, Use&& use) {
  const RelaxedCapture relaxed;
  auto& cudnn = of_current_device<CudnnHandle>();
  const std::lock_guard lock(cudnn.mutex);
  check_cudnn(cudnnSetStream(cudnn.handle, stream.get()));
  use(cudnn.handle);
}

}  // namespace duel

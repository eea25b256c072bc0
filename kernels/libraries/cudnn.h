// What variants take from cuDNN, in the order of a stream. Both throw LibraryError.
#pragma once

#include <cstdint>

#include "kernels/activations/activations.h"
#include "kernels/libraries/library.h"
#include "kernels/runtime/handles.h"
#include "kernels/runtime/view.h"

namespace duel {

/// A matrix with a feature per row and a sample per column, its rows `stride` apart.
struct CudnnMatrix {
  float* data;
  int rows, columns, stride;
};

/// Applies tanh or sigmoid in place; a NaN stays one.
void launch_cudnn_activation(Activation activation, const CudnnMatrix& values, StreamView stream);

/// Batch norm of each row of `values` with the batch's statistics, without scale and shift.
struct CudnnBatchNorm {
  CudnnMatrix values;  ///< [features, batch], read; batch >= 2, features <= kCudnnLargestFeatures
  float eps;           ///< at least cudnn_smallest_eps()
  float momentum;      ///< share of the batch in the new running averages; 0 leaves them alone
  Vector<float> running_mean, running_variance;  ///< [features], read and written
  Matrix<float> normalized;                      ///< [features, batch], written; other memory than `values`
  Vector<float> inverse_deviation;               ///< [features], written
};
void launch_cudnn_batch_norm(const CudnnBatchNorm& arguments, StreamView stream);

/// Whether these tensors may be given to cuDNN here: on a GPU, aligned to 16 bytes.
template <class... Views>
bool supports_cudnn(const Device& device, const Views&... views) {
  const auto aligned = [](const void* data) { return reinterpret_cast<std::uintptr_t>(data) % 16 == 0; };
  return !device.is_cpu && (aligned(views.data) && ...);
}

inline constexpr int kCudnnLargestFeatures = 8192;
double cudnn_smallest_eps();

}  // namespace duel

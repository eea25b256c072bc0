// What variants take from cuDNN, in the order of a stream. Both throw LibraryError.
#pragma once

#include <cstdint>

#include "kernels/linear/library.h"
#include "kernels/runtime/handles.h"
#include "kernels/runtime/view.h"

namespace duel {

enum class CudnnActivation { tanh, sigmoid };

/// to = activation(from), both [rows, columns] and perhaps the same; a NaN stays one.
void launch_cudnn_activation(CudnnActivation activation, Matrix<const float> from, Matrix<float> to, StreamView stream);

/// Batch norm of the columns of `values` with the batch's statistics, without scale and shift.
struct CudnnBatchNorm {
  Matrix<const float> values;  ///< [batch, columns], read; batch >= 2, columns <= kCudnnLargestColumns
  float eps;                   ///< at least cudnn_smallest_eps()
  float momentum;              ///< share of the batch in the new running averages; 0 leaves them alone
  Vector<float> running_mean, running_variance;  ///< [columns], read and written
  Matrix<float> normalized;                      ///< [batch, columns], written; other memory than `values`
  Vector<float> inverse_deviation;               ///< [columns], written
};
void launch_cudnn_batch_norm(const CudnnBatchNorm& arguments, StreamView stream);

/// Whether these tensors may be given to cuDNN here: on a GPU, aligned to 16 bytes.
template <class... Views>
bool supports_cudnn(const Device& device, const Views&... views) {
  const auto aligned = [](const void* data) { return reinterpret_cast<std::uintptr_t>(data) % 16 == 0; };
  return supports_product_library(device, device) && (aligned(views.data) && ...);
}

inline constexpr int kCudnnLargestColumns = 8192;
double cudnn_smallest_eps();

}  // namespace duel

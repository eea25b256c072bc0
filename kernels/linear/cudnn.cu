// Activations and batch norm by cuDNN. Its handle belongs to one thread at a time, so a lock goes around each use.
#include "kernels/linear/cudnn.h"

#include <cudnn.h>

#include <map>
#include <mutex>

#include "kernels/linear/library_error.h"
#include "kernels/linear/relaxed_capture.h"

namespace duel {
namespace {

void check_cudnn(cudnnStatus_t status, SourcePlace place = SourcePlace::current()) {
  if (status != CUDNN_STATUS_SUCCESS) throw_library_error("cuDNN", cudnnGetErrorString(status), place);
}

// Scale and shift that change nothing, and room for the means, which cuDNN wants to give along with the deviations and
// nobody reads: streams may overwrite each other's. Static memory, as nothing may be allocated within a step.
struct Ones {
  float value[kCudnnLargestColumns];
  constexpr Ones() : value() {
    for (float& x : value) x = 1.f;
  }
};
__device__ Ones device_ones;
__device__ float device_zeros[kCudnnLargestColumns];
__device__ float device_means[kCudnnLargestColumns];

template <class T>
void* address_on_device(const T& symbol) {
  void* address = nullptr;
  check(cudaGetSymbolAddress(&address, symbol));
  return address;
}

using Tensor = detail::Owned<cudnnTensorDescriptor_t, cudnnDestroyTensorDescriptor>;
using Activation = detail::Owned<cudnnActivationDescriptor_t, cudnnDestroyActivationDescriptor>;

// A row-major matrix as `rows` images with `columns` channels of one pixel.
Tensor make_tensor(int rows, int columns) {
  cudnnTensorDescriptor_t handle = nullptr;
  check_cudnn(cudnnCreateTensorDescriptor(&handle));
  Tensor tensor(handle);
  check_cudnn(cudnnSetTensor4dDescriptor(handle, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, rows, columns, 1, 1));
  return tensor;
}

Activation make_activation(CudnnActivation which) {
  cudnnActivationDescriptor_t handle = nullptr;
  check_cudnn(cudnnCreateActivationDescriptor(&handle));
  Activation activation(handle);
  const auto mode = which == CudnnActivation::tanh ? CUDNN_ACTIVATION_TANH : CUDNN_ACTIVATION_SIGMOID;
  check_cudnn(cudnnSetActivationDescriptor(handle, mode, CUDNN_PROPAGATE_NAN, 0.0));
  return activation;
}

// The library on one device.
class Cudnn {
 public:
  Cudnn() {
    check_cudnn(cudnnCreate(&library_));
    ones_ = address_on_device(device_ones);
    zeros_ = address_on_device(device_zeros);
    means_ = address_on_device(device_means);
  }
  Cudnn(const Cudnn&) = delete;
  Cudnn& operator=(const Cudnn&) = delete;

  void enqueue(CudnnActivation which, Matrix<const float> from, Matrix<float> to, StreamView stream) {
    const std::lock_guard lock(mutex_);
    check_cudnn(cudnnSetStream(library_, stream.get()));
    const Tensor tensor = make_tensor(to.rows, to.columns);
    const Activation activation = make_activation(which);
    const float one = 1.f, zero = 0.f;
    check_cudnn(cudnnActivationForward(library_, activation.get(), &one, tensor.get(), from.data, &zero, tensor.get(),
                                       to.data));
  }

  // cuDNN's factor is the share of the batch, as torch's momentum; its running variance is the unbiased one, too.
  void enqueue(const CudnnBatchNorm& a, StreamView stream) {
    const std::lock_guard lock(mutex_);
    check_cudnn(cudnnSetStream(library_, stream.get()));
    const Tensor tensor = make_tensor(a.values.rows, a.values.columns), per_column = make_tensor(1, a.values.columns);
    const float one = 1.f, zero = 0.f;
    const bool moves_averages = a.momentum > 0.f;
    check_cudnn(cudnnBatchNormalizationForwardTraining(
        library_, CUDNN_BATCHNORM_PER_ACTIVATION, &one, &zero, tensor.get(), a.values.data, tensor.get(),
        a.normalized.data, per_column.get(), ones_, zeros_, a.momentum, moves_averages ? a.running_mean.data : nullptr,
        moves_averages ? a.running_variance.data : nullptr, a.eps, means_, a.inverse_deviation.data));
  }

 private:
  cudnnHandle_t library_ = nullptr;
  std::mutex mutex_;
  void *ones_ = nullptr, *zeros_ = nullptr, *means_ = nullptr;
};

// Of the current device. It lives as long as the process: at its end the driver may be gone before static objects are.
Cudnn& cudnn() {
  static std::mutex mutex;
  static auto& devices = *new std::map<int, Cudnn>;
  int device = 0;
  check(cudaGetDevice(&device));
  const std::lock_guard lock(mutex);
  return devices.try_emplace(device).first->second;
}

}  // namespace

void launch_cudnn_activation(CudnnActivation activation, Matrix<const float> from, Matrix<float> to,
                             StreamView stream) {
  const RelaxedCapture relaxed;
  cudnn().enqueue(activation, from, to, stream);
}

void launch_cudnn_batch_norm(const CudnnBatchNorm& arguments, StreamView stream) {
  const RelaxedCapture relaxed;
  cudnn().enqueue(arguments, stream);
}

double cudnn_smallest_eps() {
  return CUDNN_BN_MIN_EPSILON;
}

}  // namespace duel

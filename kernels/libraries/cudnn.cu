// Activations and batch norm by cuDNN. Its handle belongs to one thread at a time, so a lock goes around each use.
#include "kernels/libraries/cudnn.h"

#include <cudnn.h>

#include <map>
#include <mutex>

#include "kernels/libraries/library_error.h"
#include "kernels/libraries/relaxed_capture.h"

namespace duel {
namespace {

void check_cudnn(cudnnStatus_t status, SourcePlace place = SourcePlace::current()) {
  if (status != CUDNN_STATUS_SUCCESS) throw_library_error("cuDNN", cudnnGetErrorString(status), place);
}

// Scale and shift that change nothing, and room for the means, which cuDNN wants to give along with the deviations and
// nobody reads: streams may overwrite each other's. Static memory, as nothing may be allocated within a step.
struct Ones {
  float value[kCudnnLargestFeatures];
  constexpr Ones() : value() {
    for (float& x : value) x = 1.f;
  }
};
__device__ Ones device_ones;
__device__ float device_zeros[kCudnnLargestFeatures];
__device__ float device_means[kCudnnLargestFeatures];

template <class T>
void* address_on_device(const T& symbol) {
  void* address = nullptr;
  check(cudaGetSymbolAddress(&address, symbol));
  return address;
}

using Tensor = detail::Owned<cudnnTensorDescriptor_t, cudnnDestroyTensorDescriptor>;
using ActivationDescriptor = detail::Owned<cudnnActivationDescriptor_t, cudnnDestroyActivationDescriptor>;

// A matrix of a feature per row as one image with `rows` channels of a row of pixels.
Tensor make_tensor(int rows, int columns, int stride) {
  cudnnTensorDescriptor_t handle = nullptr;
  check_cudnn(cudnnCreateTensorDescriptor(&handle));
  Tensor tensor(handle);
  check_cudnn(
      cudnnSetTensor4dDescriptorEx(handle, CUDNN_DATA_FLOAT, 1, rows, 1, columns, rows * stride, stride, stride, 1));
  return tensor;
}
Tensor make_tensor(const CudnnMatrix& matrix) {
  return make_tensor(matrix.rows, matrix.columns, matrix.stride);
}

ActivationDescriptor make_activation(Activation which) {
  cudnnActivationDescriptor_t handle = nullptr;
  check_cudnn(cudnnCreateActivationDescriptor(&handle));
  ActivationDescriptor activation(handle);
  const auto mode = which == Activation::tanh ? CUDNN_ACTIVATION_TANH : CUDNN_ACTIVATION_SIGMOID;
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

  void enqueue(Activation which, const CudnnMatrix& values, StreamView stream) {
    const std::lock_guard lock(mutex_);
    check_cudnn(cudnnSetStream(library_, stream.get()));
    const Tensor tensor = make_tensor(values);
    const ActivationDescriptor activation = make_activation(which);
    const float one = 1.f, zero = 0.f;
    check_cudnn(cudnnActivationForward(library_, activation.get(), &one, tensor.get(), values.data, &zero, tensor.get(),
                                       values.data));
  }

  // cuDNN's factor is the share of the batch, as torch's momentum; its running variance is the unbiased one, too.
  void enqueue(const CudnnBatchNorm& a, StreamView stream) {
    const std::lock_guard lock(mutex_);
    check_cudnn(cudnnSetStream(library_, stream.get()));
    const int features = a.values.rows, batch = a.values.columns;
    const Tensor values = make_tensor(a.values), normalized = make_tensor(features, batch, batch);
    const Tensor per_feature = make_tensor(features, 1, 1);
    const float one = 1.f, zero = 0.f;
    const bool moves_averages = a.momentum > 0.f;
    check_cudnn(cudnnBatchNormalizationForwardTraining(
        library_, CUDNN_BATCHNORM_SPATIAL, &one, &zero, values.get(), a.values.data, normalized.get(),
        a.normalized.data, per_feature.get(), ones_, zeros_, a.momentum, moves_averages ? a.running_mean.data : nullptr,
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

void launch_cudnn_activation(Activation activation, const CudnnMatrix& values, StreamView stream) {
  const RelaxedCapture relaxed;
  cudnn().enqueue(activation, values, stream);
}

void launch_cudnn_batch_norm(const CudnnBatchNorm& arguments, StreamView stream) {
  const RelaxedCapture relaxed;
  cudnn().enqueue(arguments, stream);
}

double cudnn_smallest_eps() {
  return CUDNN_BN_MIN_EPSILON;
}

}  // namespace duel

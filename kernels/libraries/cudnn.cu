// Activations and batch norm by cuDNN.
#include "kernels/libraries/cudnn.h"

#include "kernels/libraries/cudnn_handle.h"

namespace duel {
namespace {

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

// Where these lie on one device.
struct BatchNormMemory {
  void* ones = address_on_device(device_ones);
  void* zeros = address_on_device(device_zeros);
  void* means = address_on_device(device_means);
};

using ActivationDescriptor = detail::Owned<cudnnActivationDescriptor_t, cudnnDestroyActivationDescriptor>;

// A matrix of a feature per row as one image with `rows` channels of a row of pixels.
CudnnTensor make_tensor(int rows, int columns, int stride) {
  cudnnTensorDescriptor_t handle = nullptr;
  check_cudnn(cudnnCreateTensorDescriptor(&handle));
  CudnnTensor tensor(handle);
  check_cudnn(
      cudnnSetTensor4dDescriptorEx(handle, CUDNN_DATA_FLOAT, 1, rows, 1, columns, rows * stride, stride, stride, 1));
  return tensor;
}
CudnnTensor make_tensor(const CudnnMatrix& matrix) {
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

}  // namespace

void launch_cudnn_activation(Activation which, const CudnnMatrix& values, StreamView stream) {
  with_cudnn(stream, [&](cudnnHandle_t cudnn) {
    const CudnnTensor tensor = make_tensor(values);
    const ActivationDescriptor activation = make_activation(which);
    const float one = 1.f, zero = 0.f;
    check_cudnn(cudnnActivationForward(cudnn, activation.get(), &one, tensor.get(), values.data, &zero, tensor.get(),
                                       values.data));
  });
}

// cuDNN's factor is the share of the batch, as torch's momentum; its running variance is the unbiased one, too.
void launch_cudnn_batch_norm(const CudnnBatchNorm& a, StreamView stream) {
  with_cudnn(stream, [&](cudnnHandle_t cudnn) {
    const auto& memory = of_current_device<BatchNormMemory>();
    const int features = a.values.rows, batch = a.values.columns;
    const CudnnTensor values = make_tensor(a.values), normalized = make_tensor(features, batch, batch);
    const CudnnTensor per_feature = make_tensor(features, 1, 1);
    const float one = 1.f, zero = 0.f;
    const bool moves_averages = a.momentum > 0.f;
    check_cudnn(cudnnBatchNormalizationForwardTraining(
        cudnn, CUDNN_BATCHNORM_SPATIAL, &one, &zero, values.get(), a.values.data, normalized.get(), a.normalized.data,
        per_feature.get(), memory.ones, memory.zeros, a.momentum, moves_averages ? a.running_mean.data : nullptr,
        moves_averages ? a.running_variance.data : nullptr, a.eps, memory.means, a.inverse_deviation.data));
  });
}

double cudnn_smallest_eps() {
  return CUDNN_BN_MIN_EPSILON;
}

}  // namespace duel

// Convolutions by cuDNN in FP32 (no TF32), for variants to compare with, in the order of a stream. All of them throw
// LibraryError.
#pragma once

#include <climits>
#include <compare>
#include <cstddef>

#include "kernels/runtime/handles.h"

namespace duel {

/// A convolution's sizes, as torch.nn.Conv2d names them. Images lie one after the other, [batch, channels, height,
/// width] ("NCHW"), the weight is [output channels, input channels, kernel, kernel].
struct CudnnConvolution {
  struct Image {
    int channels, height, width;

    auto operator<=>(const Image&) const = default;
    std::size_t values() const { return static_cast<std::size_t>(channels) * height * width; }
  };

  int batch;
  Image input, output;
  int kernel, stride, padding;

  auto operator<=>(const CudnnConvolution&) const = default;
  std::size_t inputs() const { return batch * input.values(); }
  std::size_t outputs() const { return batch * output.values(); }
  /// cuDNN counts the values of a tensor in int.
  bool fits() const { return inputs() <= INT_MAX && outputs() <= INT_MAX; }
};

/// output = W * input.
void launch_cudnn_convolution(const CudnnConvolution& convolution, const float* input, const float* weight,
                              float* output, StreamView stream);
/// The gradient of the input, from that of the output.
void launch_cudnn_input_gradient(const CudnnConvolution& convolution, const float* weight, const float* d_output,
                                 float* d_input, StreamView stream);
/// The gradient of the weight.
void launch_cudnn_weight_gradient(const CudnnConvolution& convolution, const float* input, const float* d_output,
                                  float* d_weight, StreamView stream);

/// Room for a convolution's images on the current device. The next call for the same stream may give the same room, so
/// it holds images until the stream comes to what is enqueued after that call.
struct CudnnImages {
  float *input, *output;
};
CudnnImages cudnn_images(const CudnnConvolution& convolution, StreamView stream);

}  // namespace duel

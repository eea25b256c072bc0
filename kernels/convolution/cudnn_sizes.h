// A convolution's sizes as cuDNN has them.
#pragma once

#include "kernels/convolution/geometry.h"
#include "kernels/libraries/cudnn.h"
#include "kernels/libraries/cudnn_convolution.h"

namespace duel {

/// cuDNN reads no image upsampled: the input is the upsampled one.
inline CudnnConvolution cudnn_convolution(const ConvolutionGeometry& g, int batch) {
  const ImageShape output = g.output();
  return {batch,
          {g.input.channels, g.input.height * g.upsample, g.input.width * g.upsample},
          {output.channels, output.height, output.width},
          g.kernel,
          g.stride,
          g.padding};
}

/// For a variant's `supports`. `values`: those of the op's tensors that cuDNN gets as they are; images are copied.
template <class Arguments, class... Views>
bool supports_cudnn_convolution(const Arguments& a, const Device& device, const Views&... values) {
  return supports_cudnn(device, values...) && cudnn_convolution(a.geometry, a.batch()).fits();
}

}  // namespace duel

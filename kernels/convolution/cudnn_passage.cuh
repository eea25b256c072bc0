// A passage by cuDNN, to compare with: the columns that it reads become images, upsampled on the way where the
// convolution reads them so; cuDNN's images become columns again where they are finished as ours are. Back through an
// upsampling a pixel is the sum of its square.
#pragma once

#include "kernels/convolution/cudnn_sizes.h"
#include "kernels/convolution/images.cuh"

namespace duel {

template <class Arguments>
__global__ void __launch_bounds__(kImageThreads, kLeastBlocks<kImageThreads>)
    finish_images_kernel(const __grid_constant__ Arguments a, const __grid_constant__ UpsampledImage written,
                         const float* __restrict__ images, int rows) {
  __shared__ ImageTile tile;
  const int row0 = static_cast<int>(blockIdx.x) * kImageTile;
  const int sample0 = static_cast<int>(blockIdx.y) * kImageTile, samples = a.batch();
  const int lane = threadIdx.x % kImageTile, group = threadIdx.x / kImageTile;
  if (row0 + lane < rows) {
    const float* const first = images + written.first_value(row0 + lane);
    for (int s = group; s < kImageTile && sample0 + s < samples; s += kImageGroups) {
      const float* const square = first + static_cast<std::size_t>(sample0 + s) * written.values();
      float sum = 0.f;
      for (int y = 0; y < written.upsample; ++y) {
        for (int x = 0; x < written.upsample; ++x) sum += square[y * written.width() + x];
      }
      tile[lane][s] = sum;
    }
  }
  __syncthreads();
  if (sample0 + lane >= samples) return;
  for (int r = group; r < kImageTile && row0 + r < rows; r += kImageGroups) {
    const int row = row0 + r, channel = row / written.image.pixels();
    finish_piece(a, channel, static_cast<std::size_t>(row), sample0 + lane, 1, false,
                 RegisterRow<1>::filled(tile[r][lane]));
  }
}

template <class Arguments>
void launch_cudnn_passage(const Arguments& a, StreamView stream) {
  const ConvolutionGeometry& g = a.geometry;
  const UpsampledImage input{g.input, g.upsample}, output{g.output(), 1};
  const CudnnConvolution convolution = cudnn_convolution(g, a.batch());
  const CudnnImages images = cudnn_images(convolution, stream);
  const Passage passage = passage_of(a);
  const int rows = passage.to.rows();  // of the image written, or of its first channels: cuDNN computes all
  const auto finish = [&](const UpsampledImage& written, const float* values) {
    launch(stream, image_tiles(rows, a.batch()), finish_images_kernel<Arguments>, a, written, values, rows);
  };
  if (passage.taps.adjoint) {
    launch_images(samples_of(a), output, images.output, stream);
    launch_cudnn_input_gradient(convolution, a.weight.data, images.output, images.input, stream);
    finish(input, images.input);
  } else {
    launch_images(samples_of(a), input, images.input, stream);
    launch_cudnn_convolution(convolution, images.input, a.weight.data, images.output, stream);
    finish(output, images.output);
  }
}

}  // namespace duel

// Geometries with which convolutions are verified and timed.
#pragma once

#include <string>
#include <vector>

#include "kernels/convolution/geometry.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

struct ConvolutionCase {
  ConvolutionGeometry geometry;
  int batch;
  bool of_training = false;

  std::string text() const {
    const ConvolutionGeometry& g = geometry;
    const ImageShape from = g.layer_input(), to = g.layer_output();
    const auto size = [](const ImageShape& image) {
      return std::to_string(image.channels) + " x " + std::to_string(image.height) + " x " +
             std::to_string(image.width);
    };
    return std::to_string(batch) + " of " + size(from) + " -> " + size(to) + ", kernel " + std::to_string(g.kernel) +
           (g.stride > 1 ? ", stride " + std::to_string(g.stride) : "") +
           (g.padding != g.kernel / 2 ? ", padding " + std::to_string(g.padding) : "") +
           (g.upsample > 1 ? ", upsampled" : "") + (g.transposed ? ", transposed" : "");
  }
};

inline ConvolutionGeometry geometry_of(int in, int height, int width, int out, int kernel, int stride, int padding,
                                       int upsample = 1, bool transposed = false) {
  return {{in, height, width}, out, kernel, stride, padding, upsample, transposed};
}

/// Layers of a narrow DCGAN of 28 x 28: D's strided convolutions, G's on upsampled images. Wider ones take so long on
/// the checked device that nobody would count their traffic; `kernel_lab bench --shape` times any.
inline std::vector<ConvolutionCase> trained_convolutions() {
  return {{geometry_of(1, 28, 28, 16, 3, 2, 1), 64, true},
          {geometry_of(16, 14, 14, 32, 3, 2, 1), 64, true},
          {geometry_of(32, 7, 7, 16, 3, 1, 1, 2), 64, true}};
}

/// Each property alone and with others, around the sizes of tiles.
inline std::vector<ConvolutionCase> edge_convolutions() {
  return {{geometry_of(1, 1, 1, 1, 1, 1, 0), 1},           {geometry_of(1, 5, 4, 3, 3, 1, 1), 63},
          {geometry_of(3, 4, 5, 65, 3, 1, 1), 5},          {geometry_of(5, 7, 7, 4, 3, 2, 1), 33},
          {geometry_of(33, 4, 4, 7, 3, 2, 1), 64},         {geometry_of(4, 6, 3, 6, 4, 2, 1), 65},
          {geometry_of(3, 5, 8, 2, 4, 1, 2), 3},           {geometry_of(2, 9, 7, 5, 5, 3, 2), 31},
          {geometry_of(8, 3, 3, 145, 1, 1, 0), 8},         {geometry_of(16, 3, 2, 9, 2, 2, 0), 129},
          {geometry_of(2, 4, 3, 3, 3, 1, 1, 2), 63},       {geometry_of(36, 3, 3, 4, 3, 1, 1, 2), 64},
          {geometry_of(3, 2, 4, 17, 4, 1, 1, 2), 12},      {geometry_of(1, 3, 3, 2, 5, 1, 2, 2), 2},
          {geometry_of(4, 2, 2, 3, 3, 1, 0, 2), 9},        {geometry_of(4, 8, 8, 8, 4, 2, 1, 1, true), 20},
          {geometry_of(5, 7, 6, 3, 3, 2, 1, 1, true), 63}, {geometry_of(2, 6, 6, 4, 3, 1, 1, 2, true), 7}};
}

/// For views of columns, activations and misalignment: strided, and upsampled.
inline std::vector<ConvolutionCase> viewed_convolutions() {
  return {{geometry_of(5, 7, 7, 4, 3, 2, 1), 33}, {geometry_of(4, 3, 3, 3, 3, 1, 1, 2), 64}};
}

/// Sizes that somebody may choose.
inline std::vector<Axis> convolution_axes() {
  return {{"batch", 64}, {"in", 64}, {"size", 16}, {"out", 64}, {"kernel", 3}, {"stride", 1}, {"upsample", 1}};
}
inline ConvolutionCase convolution_of(const std::vector<int>& n) {
  return {geometry_of(n[1], n[2], n[2], n[3], n[4], n[5], (n[4] - 1) / 2, n[6]), n[0]};
}

}  // namespace duel::verify

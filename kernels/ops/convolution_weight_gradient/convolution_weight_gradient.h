// The gradient of a convolution's parameters, and their update if there is an optimizer, an image per column: dW = the
// sum of d x over pixels and samples, of d = dL/da of the layer, and db = the sums of d's channels. Source:
// torch.nn.Conv2d; kernels/optimizers.
//
// The sum is long and the result is small: parts of the pixels may be summed up by themselves. How many there are
// follows from the shapes alone, and so do the bits.
#pragma once

#include "kernels/convolution/geometry.h"
#include "kernels/levels/parameter.h"

namespace duel {

template <class T>
struct ConvolutionWeightGradient {
  ConvolutionGeometry geometry;
  Matrix<const T> d_linear;         ///< dL/da [layer_output().rows(), batch], read
  Matrix<const T> input;            ///< x [layer_input().rows(), batch], read
  int without_bias = 0;             ///< the last columns, which are part of dW, but not of db
  TrainedParameter<T, 2> weight{};  ///< W [out_channels, input channels x kernel x kernel] of the convolution; its
                                    ///< value and the bias's may be absent without an optimizer
  TrainedParameter<T, 1> bias{};    ///< b [channels of layer_output()]; all of it absent: there is none
  ParameterOptimizer optimizer{};
  Vector<T> workspace{};  ///< [convolution_weight_gradient_workspace() or more], overwritten; means nothing outside

  DUEL_HOST_DEVICE int batch() const { return input.columns; }
  DUEL_HOST_DEVICE bool has_bias() const { return bias.value || bias.gradient; }
};

/// The sum as one product: rows are channels of the image whose every pixel has the same taps, columns the channels and
/// taps of the other one that it meets. That is the passage that has one class: back through an upsampling, forward
/// with a stride, and else the one with more rows.
struct WeightProduct {
  Passage passage;  ///< from the gathered image to the rows' image
  int rows, columns, pixels;
  int parts, pixels_of_part;  ///< the first parts have so many; parts rows x columns values are the workspace

  DUEL_HOST_DEVICE WeightProduct(const ConvolutionGeometry& g, int batch) : passage(duel::passage(g, is_adjoint(g))) {
    constexpr int kTileRows = 32, kTileColumns = 64, kEnoughTiles = 256, kLeastDepth = 1024;
    const TapMap& taps = passage.taps;
    rows = passage.to.channels;
    columns = passage.from.channels * taps.count(0) * taps.count(0);
    pixels = passage.to.pixels();
    const int tiles = ((rows + kTileRows - 1) / kTileRows) * ((columns + kTileColumns - 1) / kTileColumns);
    const int wanted = (kEnoughTiles + tiles - 1) / tiles, least_pixels = (kLeastDepth + batch - 1) / batch;
    const int most = (pixels + least_pixels - 1) / least_pixels;
    pixels_of_part = (pixels + (wanted < most ? wanted : most) - 1) / (wanted < most ? wanted : most);
    parts = (pixels + pixels_of_part - 1) / pixels_of_part;
  }

  /// Whether the rows' image is the convolution's input.
  DUEL_HOST_DEVICE bool rows_are_inputs() const { return passage.taps.adjoint; }
  std::size_t workspace() const { return static_cast<std::size_t>(parts) * rows * columns; }

 private:
  DUEL_HOST_DEVICE static bool is_adjoint(const ConvolutionGeometry& g) {
    return g.upsample > 1 || (g.stride == 1 && g.input.channels > g.out_channels);
  }
};

/// Values that the op needs to work with.
inline std::size_t convolution_weight_gradient_workspace(const ConvolutionGeometry& geometry, int batch) {
  return WeightProduct(geometry, batch).workspace();
}

const Op<ConvolutionWeightGradient<float>>& convolution_weight_gradient_op();

/// The same in double precision, on host memory; needs no workspace.
void convolution_weight_gradient_reference(const ConvolutionWeightGradient<double>& arguments);

template <class T, class Visitor>
void visit(ConvolutionWeightGradient<T>& a, Visitor&& visitor) {
  visitor.reads("d_linear", a.d_linear);
  visitor.reads("input", a.input);
  visit_parameter(a.weight, a.optimizer, visitor, kWeightNames);
  visit_parameter(a.bias, a.optimizer, visitor, kBiasNames);
  visitor.reads("progress", a.optimizer.progress);
  visitor.updates("workspace", a.workspace);
}

}  // namespace duel

// The gradient of a convolution's input and what it means for the layer below, an image per column: dL/da_below =
// f'(y_below) (W adjoint d) factor, of d = dL/da of this layer, through its upsampling if it has one. Every value is
// one sum in a fixed order: pixels of d are gathered, none is added to. Source: the chain rule.
//
// With `transposed` turned over it is the tangent of the layer, what becomes of a direction of its input: f'(y) (W *
// x). Then it may take y's place.
#pragma once

#include "kernels/activations/activations.h"
#include "kernels/convolution/geometry.h"

namespace duel {

template <class T>
struct ConvolutionInputGradient {
  ConvolutionGeometry geometry;
  Matrix<const T> weight;    ///< W [out_channels, input channels x kernel x kernel] of the convolution, read
  int first_column = 0;      ///< of the samples that take part: d_linear and output have first_column others before
  Matrix<const T> d_linear;  ///< dL/da [layer_output().rows(), first_column + batch or more], read
  Vector<const T> factor{};  ///< of each sample [batch], read; absent: 1
  Activation below = Activation::leaky_relu;
  T slope;                   ///< >= 0, of leaky_relu
  Matrix<const T> output{};  ///< y of the layer below [rows of d_below, first_column + batch or more], read; absent:
                             ///< no activation
  int below_column = 0;      ///< of d_below that is written; the columns before it stay as they are
  Matrix<T> d_below;         ///< of the input's first channels, or all of them, in columns below_column ... [channels
                             ///< x layer_input().pixels(), below_column + batch], written; may be output's memory
                             ///< where it is written in the columns that are read
  Vector<T> workspace{};     ///< [convolution_input_gradient_workspace() or more], overwritten; means nothing outside

  DUEL_HOST_DEVICE int batch() const { return d_below.columns - below_column; }
  /// Back through the layer, to the channels that are written.
  DUEL_HOST_DEVICE Passage passage() const {
    Passage passage = backward_passage(geometry);
    passage.to.channels = d_below.rows / passage.to.pixels();
    return passage;
  }
};

/// Values that the op needs to work with, 0 for some geometries.
inline std::size_t convolution_input_gradient_workspace(const ConvolutionGeometry& geometry) {
  return FilterBank(backward_passage(geometry)).size();
}

const Op<ConvolutionInputGradient<float>>& convolution_input_gradient_op();

/// The same in double precision, on host memory; needs no workspace.
void convolution_input_gradient_reference(const ConvolutionInputGradient<double>& arguments);

template <class T, class Visitor>
void visit(ConvolutionInputGradient<T>& a, Visitor&& visitor) {
  visitor.reads("weight", a.weight);
  visitor.reads("d_linear", a.d_linear);
  visitor.reads("factor", a.factor);
  visitor.reads("output", a.output);
  if (a.below_column > 0) {
    visitor.updates("d_below", a.d_below);
  } else {
    visitor.writes("d_below", a.d_below);
  }
  visitor.updates("workspace", a.workspace);
}

}  // namespace duel

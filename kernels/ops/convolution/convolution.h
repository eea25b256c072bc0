// A convolution with what follows it, forward, on columns: y = f(W * x + b), an image per column. Strided, on an image
// that is read upsampled, or transposed. Under a discriminator's head it also leaves the gradient of the head's score
// with respect to W * x + b, w f'(y), which needs neither score nor loss. Source: torch.nn.Conv2d, torch.nn.Upsample
// (nearest), torch.nn.ConvTranspose2d, torch.nn.LeakyReLU, torch.nn.Tanh, torch.nn.Sigmoid.
#pragma once

#include "kernels/activations/activations.h"
#include "kernels/convolution/geometry.h"

namespace duel {

template <class T>
struct Convolution {
  ConvolutionGeometry geometry;
  Matrix<const T> input;   ///< x [layer_input().rows(), batch], read
  Matrix<const T> weight;  ///< W [out_channels, input channels x kernel x kernel] of the convolution, read
  Vector<const T> bias{};  ///< b [channels of layer_output()], read; absent: none
  Activation activation = Activation::leaky_relu;
  T slope;               ///< >= 0, of leaky_relu
  int first_column = 0;  ///< of output that is written; the columns before and after stay as they are
  Matrix<T> output;  ///< y in columns first_column ... [layer_output().rows(), first_column + batch or more], written
  Vector<const T> head_weight{};  ///< w of a head on top [layer_output().rows()], read; absent: none
  Matrix<T> unit_gradient{};      ///< w f'(y) [layer_output().rows(), batch], written; with head_weight
  Vector<T> workspace{};  ///< [convolution_workspace() or more], overwritten; what it holds means nothing outside

  DUEL_HOST_DEVICE int batch() const { return input.columns; }
};

/// Values that the op needs to work with, 0 for some geometries.
inline std::size_t convolution_workspace(const ConvolutionGeometry& geometry) {
  return FilterBank(forward_passage(geometry)).size();
}

const Op<Convolution<float>>& convolution_op();

/// The same in double precision, on host memory; needs no workspace.
void convolution_reference(const Convolution<double>& arguments);

template <class T, class Visitor>
void visit(Convolution<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("weight", a.weight);
  visitor.reads("bias", a.bias);
  visitor.updates("output", a.output);
  visitor.reads("head_weight", a.head_weight);
  visitor.writes("unit_gradient", a.unit_gradient);
  visitor.updates("workspace", a.workspace);
}

}  // namespace duel

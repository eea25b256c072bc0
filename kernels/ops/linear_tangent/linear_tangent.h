// The tangent of a linear layer with an activation: what becomes of a direction of its input, f'(y) (W x), where y is
// the layer's output for a sample, one per column. Forward-mode differentiation: a gradient penalty takes the gradient
// of D's score once more through D with it. Source: torch.func.jvp of torch.nn.Linear and an activation.
#pragma once

#include "kernels/activations/activations.h"
#include "kernels/op.h"

namespace duel {

template <class T>
struct LinearTangent {
  Matrix<const T> input;   ///< x, the directions, in columns first_column ... [in, first_column + batch], read
  Matrix<const T> weight;  ///< W [out, in], read
  Activation activation = Activation::leaky_relu;
  T slope;               ///< >= 0, of leaky_relu
  int first_column = 0;  ///< the columns before it stay as they are
  Matrix<T> output;      ///< y before, f'(y) (W x) after, in columns first_column ... [out, first_column + batch]

  DUEL_HOST_DEVICE int batch() const { return input.columns - first_column; }
};

const Op<LinearTangent<float>>& linear_tangent_op();

/// The same in double precision, on host memory.
void linear_tangent_reference(const LinearTangent<double>& arguments);

template <class T, class Visitor>
void visit(LinearTangent<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("weight", a.weight);
  visitor.updates("output", a.output);
}

}  // namespace duel

// The gradient of a linear layer's input and what it means for the layer below, one sample per column:
// dL/da_below = f'(a_below) (Wᵀ d) factor, of d = dL/da of this layer. Below are an activation, or batch norm and
// LeakyReLU (its gamma and beta have gradients then, and are updated if there is an optimizer). Source: the chain rule;
// batch norm's gradient as in S. Ioffe and C. Szegedy, Batch normalization (2015).
#pragma once

#include "kernels/levels/parameter.h"
#include "kernels/ops/linear_forward/linear_forward.h"

namespace duel {

template <class T>
struct InputGradient {
  Matrix<const T> weight;    ///< W [out, in or more], read: of the first inputs
  int first_column = 0;      ///< of the samples that take part: d_linear and output have first_column others before
  Matrix<const T> d_linear;  ///< dL/da [out, first_column + batch or more], read
  Vector<const T> factor;    ///< of each sample [batch], read; absent: 1
  Activation below = Activation::leaky_relu;
  T slope;                             ///< >= 0, of leaky_relu
  Matrix<const T> output;              ///< y of the layer below [in, first_column + batch or more], read
  Matrix<const T> normalized;          ///< [in, batch], read; absent: no batch norm, and nothing of what follows
  Vector<const T> inverse_deviation;   ///< [in], read
  TrainedParameter<T, 1> gamma, beta;  ///< [in]
  ParameterOptimizer optimizer;
  int below_column = 0;  ///< of d_below that is written; the columns before it stay as they are
  Matrix<T> d_below;     ///< dL/da of the layer below in columns below_column ... [in, below_column + batch], written

  DUEL_HOST_DEVICE int in() const { return d_below.rows; }
  DUEL_HOST_DEVICE int batch() const { return d_below.columns - below_column; }
};

const Op<InputGradient<float>>& input_gradient_op();

/// The same in double precision, on host memory.
void input_gradient_reference(const InputGradient<double>& arguments);

template <class T, class Visitor>
void visit(InputGradient<T>& a, Visitor&& visitor) {
  visitor.reads("weight", a.weight);
  visitor.reads("d_linear", a.d_linear);
  visitor.reads("factor", a.factor);
  visitor.reads("output", a.output);
  visitor.reads("normalized", a.normalized);
  visitor.reads("inverse_deviation", a.inverse_deviation);
  visit_parameter(a.gamma, a.optimizer, visitor, kGammaNames);
  visit_parameter(a.beta, a.optimizer, visitor, kBetaNames);
  visitor.reads("progress", a.optimizer.progress);
  if (a.below_column > 0) {
    visitor.updates("d_below", a.d_below);
  } else {
    visitor.writes("d_below", a.d_below);
  }
}

}  // namespace duel

// The gradient of a linear layer's parameters, and their update if there is an optimizer: dW = d xᵀ and db = the sums
// of d's rows, of d = dL/da, one sample per column. The gradient is used while it is in registers. Source:
// torch.nn.Linear; kernels/optimizers.
#pragma once

#include "kernels/levels/parameter.h"

namespace duel {

template <class T>
struct WeightGradient {
  Matrix<const T> d_linear;       ///< dL/da [out, batch], read
  Matrix<const T> input;          ///< x [in, batch], read
  int without_bias = 0;           ///< the last columns, which are part of dW, but not of db
  TrainedParameter<T, 2> weight;  ///< W [out, in]; its value and the bias's may be absent without an optimizer
  TrainedParameter<T, 1> bias;    ///< b [out]
  ParameterOptimizer optimizer;
};

const Op<WeightGradient<float>>& weight_gradient_op();

/// The same in double precision, on host memory.
void weight_gradient_reference(const WeightGradient<double>& arguments);

template <class T, class Visitor>
void visit(WeightGradient<T>& a, Visitor&& visitor) {
  visitor.reads("d_linear", a.d_linear);
  visitor.reads("input", a.input);
  visit_parameter(a.weight, a.optimizer, visitor, kWeightNames);
  visit_parameter(a.bias, a.optimizer, visitor, kBiasNames);
  visitor.reads("progress", a.optimizer.progress);
}

}  // namespace duel

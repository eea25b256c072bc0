// The gradient of a linear layer's parameters and their Adam update in one: dW = d xᵀ and db = the sums of d's rows, of
// d = dL/da, one sample per column. The gradient is used while it is in registers.
// Source: torch.nn.Linear, torch.optim.Adam.
#pragma once

#include "kernels/fused/parameter.h"

namespace duel {

template <class T>
struct FusedUpdate {
  Matrix<const T> d_linear;     ///< dL/da [out, batch], read
  Matrix<const T> input;        ///< x [in, batch], read
  FusedParameter<T, 2> weight;  ///< W [out, in]
  FusedParameter<T, 1> bias;    ///< b [out]
  FusedAdam adam;
};

const Op<FusedUpdate<float>>& fused_update_op();

/// The same in double precision, on host memory.
void fused_update_reference(const FusedUpdate<double>& arguments);

template <class T, class Visitor>
void visit(FusedUpdate<T>& a, Visitor&& visitor) {
  visitor.reads("d_linear", a.d_linear);
  visitor.reads("input", a.input);
  visit_parameter(a.weight, visitor, {"weight", "weight_first_moment", "weight_second_moment", "weight_gradient"});
  visit_parameter(a.bias, visitor, {"bias", "bias_first_moment", "bias_second_moment", "bias_gradient"});
  visitor.reads("progress", a.adam.progress);
}

}  // namespace duel

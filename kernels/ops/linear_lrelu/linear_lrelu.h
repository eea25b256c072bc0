// y = lrelu(x Wᵀ + b), lrelu(a) = a > 0 ? a : slope * a; and its gradients.
// Source: torch.nn.Linear followed by torch.nn.LeakyReLU.
#pragma once

#include "kernels/linear/contract.h"

namespace duel {

template <class T>
struct LinearLreluForward {
  Matrix<const T> input;   ///< x [batch, in], read
  Matrix<const T> weight;  ///< W [out, in], read
  Vector<const T> bias;    ///< b [out], read
  T slope;                 ///< 0: ReLU
  Matrix<T> output;        ///< y [batch, out], written
};

template <class T>
struct LinearLreluBackward {
  Matrix<const T> input;     ///< x [batch, in], read
  Matrix<const T> weight;    ///< W [out, in], read
  Matrix<const T> output;    ///< y [batch, out], read: > 0 where the activation's argument is
  Matrix<const T> d_output;  ///< dL/dy [batch, out], read
  T slope;                   ///< >= 0
  Matrix<T> d_linear;        ///< dL/d(x Wᵀ + b) [batch, out], written: scratch
  Matrix<T> d_input;         ///< dL/dx [batch, in], written; absent: not computed
  Matrix<T> d_weight;        ///< dL/dW [out, in], written; absent (with d_bias): not computed
  Vector<T> d_bias;          ///< dL/db [out], written
};

const Op<LinearLreluForward<float>>& linear_lrelu_forward_op();
const Op<LinearLreluBackward<float>>& linear_lrelu_backward_op();

/// The same in double precision, on host memory.
void linear_lrelu_forward_reference(const LinearLreluForward<double>& arguments);
void linear_lrelu_backward_reference(const LinearLreluBackward<double>& arguments);

/// Names every tensor of the arguments to a visitor: visitor.reads(name, view), visitor.writes(name, view).
template <class T, class Visitor>
void visit(LinearLreluForward<T>& a, Visitor&& visitor) {
  visit_linear_forward(a, visitor);
}
template <class T, class Visitor>
void visit(LinearLreluBackward<T>& a, Visitor&& visitor) {
  visit_linear_backward(a, visitor);
}

}  // namespace duel

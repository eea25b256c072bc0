// y = tanh(x Wᵀ + b), the generator's head, and its gradients. Source: torch.nn.Linear followed by torch.nn.Tanh.
#pragma once

#include "kernels/linear/contract.h"

namespace duel {

template <class T>
struct LinearTanhForward {
  Matrix<const T> input;   ///< x [batch, in], read
  Matrix<const T> weight;  ///< W [out, in], read
  Vector<const T> bias;    ///< b [out], read
  Matrix<T> output;        ///< y [batch, out] in [-1, 1], written
};

template <class T>
struct LinearTanhBackward {
  Matrix<const T> input;     ///< x [batch, in], read
  Matrix<const T> weight;    ///< W [out, in], read
  Matrix<const T> output;    ///< y [batch, out], read
  Matrix<const T> d_output;  ///< dL/dy [batch, out], read
  Matrix<T> d_linear;        ///< dL/d(x Wᵀ + b) [batch, out], written: scratch
  Matrix<T> d_input;         ///< dL/dx [batch, in], written; absent: not computed
  Matrix<T> d_weight;        ///< dL/dW [out, in], written; absent (with d_bias): not computed
  Vector<T> d_bias;          ///< dL/db [out], written
};

const Op<LinearTanhForward<float>>& linear_tanh_forward_op();
const Op<LinearTanhBackward<float>>& linear_tanh_backward_op();

/// The same in double precision, on host memory.
void linear_tanh_forward_reference(const LinearTanhForward<double>& arguments);
void linear_tanh_backward_reference(const LinearTanhBackward<double>& arguments);

/// Names every tensor of the arguments to a visitor: visitor.reads(name, view), visitor.writes(name, view).
template <class T, class Visitor>
void visit(LinearTanhForward<T>& a, Visitor&& visitor) {
  visit_linear_forward(a, visitor);
}
template <class T, class Visitor>
void visit(LinearTanhBackward<T>& a, Visitor&& visitor) {
  visit_linear_backward(a, visitor);
}

}  // namespace duel

// What the contracts of all linear layers have in common.
#pragma once

#include "kernels/op.h"

namespace duel {

/// y = f(x Wᵀ + b). `Activation` is f, without parameters of its own (kernels/activations/activations.h).
template <class Activation, class T>
struct ActivatedForward {
  Matrix<const T> input;   ///< x [batch, in], read
  Matrix<const T> weight;  ///< W [out, in], read
  Vector<const T> bias;    ///< b [out], read
  Matrix<T> output;        ///< y [batch, out], written
};

template <class Activation, class T>
struct ActivatedBackward {
  Matrix<const T> input;     ///< x [batch, in], read
  Matrix<const T> weight;    ///< W [out, in], read
  Matrix<const T> output;    ///< y [batch, out], read
  Matrix<const T> d_output;  ///< dL/dy [batch, out], read
  Matrix<T> d_linear;        ///< dL/d(x Wᵀ + b) [batch, out], written: scratch
  Matrix<T> d_input;         ///< dL/dx [batch, in], written; absent: not computed
  Matrix<T> d_weight;        ///< dL/dW [out, in], written; absent (with d_bias): not computed
  Vector<T> d_bias;          ///< dL/db [out], written
};

/// input [batch, in], weight [out, in], bias [out], output [batch, out], all present.
template <class Arguments>
void require_linear_forward(std::string_view op, const Arguments& a) {
  const int batch = a.input.rows, in = a.input.columns, out = a.weight.rows;
  require(batch > 0 && in > 0 && out > 0, op, "at least one row, input and output");
  require_shape(op, "input", a.input, batch, in);
  require_shape(op, "weight", a.weight, out, in);
  require_shape(op, "bias", a.bias, out);
  require_shape(op, "output", a.output, batch, out);
}

/// The same and d_output, d_linear [batch, out]; d_input, d_weight and d_bias may be absent, the last two together.
template <class Arguments>
void require_linear_backward(std::string_view op, const Arguments& a) {
  const int batch = a.input.rows, in = a.input.columns, out = a.weight.rows;
  require(batch > 0 && in > 0 && out > 0, op, "at least one row, input and output");
  require_shape(op, "input", a.input, batch, in);
  require_shape(op, "weight", a.weight, out, in);
  require_shape(op, "output", a.output, batch, out);
  require_shape(op, "d_output", a.d_output, batch, out);
  require_shape(op, "d_linear", a.d_linear, batch, out);
  require_shape_if_present(op, "d_input", a.d_input, batch, in);
  require_shape_if_present(op, "d_weight", a.d_weight, out, in);
  require_shape_if_present(op, "d_bias", a.d_bias, out);
  require(static_cast<bool>(a.d_weight) == static_cast<bool>(a.d_bias), op, "d_weight and d_bias, or neither");
}

/// Names to a visitor what require_linear_forward() asks for.
template <class Arguments, class Visitor>
void visit_linear_forward(Arguments& a, Visitor& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("weight", a.weight);
  visitor.reads("bias", a.bias);
  visitor.writes("output", a.output);
}

/// Names to a visitor what require_linear_backward() asks for.
template <class Arguments, class Visitor>
void visit_linear_backward(Arguments& a, Visitor& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("weight", a.weight);
  visitor.reads("output", a.output);
  visitor.reads("d_output", a.d_output);
  visitor.writes("d_linear", a.d_linear);
  visitor.writes("d_input", a.d_input);
  visitor.writes("d_weight", a.d_weight);
  visitor.writes("d_bias", a.d_bias);
}

/// Names every tensor of the arguments to a visitor: visitor.reads(name, view), visitor.writes(name, view).
template <class Activation, class T, class Visitor>
void visit(ActivatedForward<Activation, T>& a, Visitor&& visitor) {
  visit_linear_forward(a, visitor);
}
template <class Activation, class T, class Visitor>
void visit(ActivatedBackward<Activation, T>& a, Visitor&& visitor) {
  visit_linear_backward(a, visitor);
}

/// The output must be positive where, and only where, the activation's argument is: the backward pass asks no more.
inline void require_slope(std::string_view op, float slope) {
  require(slope >= 0, op, "slope >= 0, not " + std::to_string(slope));
}

}  // namespace duel

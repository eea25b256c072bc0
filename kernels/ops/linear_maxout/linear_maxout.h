// Maxout: y = the largest of `pieces` linear functions, max over p of (x Wᵀ + b) of column u * pieces + p; and its
// gradients, which only the winning piece has. The first of equal pieces wins; a NaN wins against numbers.
// Source: I. Goodfellow et al., Maxout networks (2013). As torch.nn.Linear, .view(batch, units, pieces).max(-1).
#pragma once

#include <cstdint>

#include "kernels/linear/contract.h"

namespace duel {

inline constexpr int kMostPieces = 256;  ///< a winner is a byte

template <class T>
struct LinearMaxoutForward {
  Matrix<const T> input;   ///< x [batch, in], read
  Matrix<const T> weight;  ///< W [units * pieces, in], read
  Vector<const T> bias;    ///< b [units * pieces], read
  int pieces;
  Matrix<T> linear;             ///< x Wᵀ + b [batch, units * pieces], written: scratch
  Matrix<T> output;             ///< y [batch, units], written
  Matrix<std::uint8_t> winner;  ///< the winning piece [batch, units], written
};

template <class T>
struct LinearMaxoutBackward {
  Matrix<const T> input;   ///< x [batch, in], read
  Matrix<const T> weight;  ///< W [units * pieces, in], read
  int pieces;
  Matrix<const std::uint8_t> winner;  ///< [batch, units], read
  Matrix<const T> d_output;           ///< dL/dy [batch, units], read
  Matrix<T> d_linear;                 ///< dL/d(x Wᵀ + b) [batch, units * pieces], written: scratch
  Matrix<T> d_input;                  ///< dL/dx [batch, in], written; absent: not computed
  Matrix<T> d_weight;                 ///< dL/dW [units * pieces, in], written; absent (with d_bias): not computed
  Vector<T> d_bias;                   ///< dL/db [units * pieces], written
};

const Op<LinearMaxoutForward<float>>& linear_maxout_forward_op();
const Op<LinearMaxoutBackward<float>>& linear_maxout_backward_op();

/// The same in double precision, on host memory.
void linear_maxout_forward_reference(const LinearMaxoutForward<double>& arguments);
void linear_maxout_backward_reference(const LinearMaxoutBackward<double>& arguments);

/// Names every tensor of the arguments to a visitor: visitor.reads(name, view), visitor.writes(name, view).
template <class T, class Visitor>
void visit(LinearMaxoutForward<T>& a, Visitor&& visitor) {
  visit_linear_forward(a, visitor);
  visitor.writes("linear", a.linear);
  visitor.writes("winner", a.winner);
}
template <class T, class Visitor>
void visit(LinearMaxoutBackward<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("weight", a.weight);
  visitor.reads("winner", a.winner);
  visitor.reads("d_output", a.d_output);
  visitor.writes("d_linear", a.d_linear);
  visitor.writes("d_input", a.d_input);
  visitor.writes("d_weight", a.d_weight);
  visitor.writes("d_bias", a.d_bias);
}

}  // namespace duel

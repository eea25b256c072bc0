// Maxout of linear values, one sample per column: y = the largest of `pieces` values, those of rows u * pieces + p for
// unit u; then dropout. And the gradient at the linear values, which only the winning pieces have. The first of equal
// pieces wins; a NaN wins against numbers. Under a discriminator's head, forward also leaves the gradient of the head's
// score at the linear values, which needs neither score nor loss.
// Source: I. Goodfellow et al., Maxout networks (2013). As torch.nn.Linear, .view(batch, units, pieces).max(-1).
#pragma once

#include <cstdint>

#include "kernels/ops/dropout/mask.h"

namespace duel {

inline constexpr int kMostPieces = 256;  ///< a winner is a byte

template <class T>
struct MaxoutForward {
  Matrix<const T> linear;  ///< W x + b [units * pieces, samples], read
  int pieces;
  DropoutMask<T> mask;          ///< of y, whose rows are features; without clock: no dropout
  Matrix<T> output;             ///< what dropout leaves of y [units, samples], written
  Matrix<std::uint8_t> winner;  ///< the winning piece [units, samples], written
  Vector<const T> head_weight;  ///< w of a head on top [units], read; absent: none
  Matrix<T> unit_gradient;      ///< of its score [units * pieces, samples], written; with head_weight
};

template <class T>
struct MaxoutBackward {
  Matrix<const T> d_output;  ///< dL/d of the forward op's output [units, samples], read
  int pieces;
  DropoutMask<T> mask;                ///< as forward
  Matrix<const std::uint8_t> winner;  ///< [units, samples], read
  Matrix<T> d_linear;                 ///< dL/d(W x + b) [units * pieces, samples], written
};

/// What becomes of directions of the linear values: those of the winning pieces, as far as dropout keeps them.
template <class T>
struct MaxoutTangent {
  Matrix<const T> linear;  ///< W x of the directions, in columns from first_column on [units * pieces, samples], read
  int pieces;
  DropoutMask<T> mask;                ///< as forward
  Matrix<const std::uint8_t> winner;  ///< [units, samples], read
  int first_column = 0;               ///< of the samples that take part; the mask's first sample is that of column 0
  Matrix<T> output;                   ///< [units, samples], written in columns from first_column on
};

const Op<MaxoutForward<float>>& maxout_forward_op();
const Op<MaxoutBackward<float>>& maxout_backward_op();
const Op<MaxoutTangent<float>>& maxout_tangent_op();

/// The same in double precision, on host memory.
void maxout_forward_reference(const MaxoutForward<double>& arguments);
void maxout_backward_reference(const MaxoutBackward<double>& arguments);
void maxout_tangent_reference(const MaxoutTangent<double>& arguments);

template <class T, class Visitor>
void visit(MaxoutForward<T>& a, Visitor&& visitor) {
  visitor.reads("linear", a.linear);
  visitor.reads("clock", a.mask.clock);
  visitor.writes("output", a.output);
  visitor.writes("winner", a.winner);
  visitor.reads("head_weight", a.head_weight);
  visitor.writes("unit_gradient", a.unit_gradient);
}
template <class T, class Visitor>
void visit(MaxoutBackward<T>& a, Visitor&& visitor) {
  visitor.reads("d_output", a.d_output);
  visitor.reads("clock", a.mask.clock);
  visitor.reads("winner", a.winner);
  visitor.writes("d_linear", a.d_linear);
}
template <class T, class Visitor>
void visit(MaxoutTangent<T>& a, Visitor&& visitor) {
  visitor.reads("linear", a.linear);
  visitor.reads("clock", a.mask.clock);
  visitor.reads("winner", a.winner);
  visitor.updates("output", a.output);
}

}  // namespace duel

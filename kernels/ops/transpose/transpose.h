// A matrix with rows and columns exchanged. The engine keeps a sample per column; pictures, latents and features are a
// sample per row where they come in and leave.
#pragma once

#include "kernels/op.h"

namespace duel {

template <class T>
struct Transpose {
  Matrix<const T> input;  ///< [rows, columns], read
  int first_column = 0;   ///< of the input that is taken
  Matrix<T> output;       ///< [count, rows], written: columns first_column ... first_column + count - 1 of the input
};

const Op<Transpose<float>>& transpose_op();

/// The same in double precision, on host memory.
void transpose_reference(const Transpose<double>& arguments);

template <class T, class Visitor>
void visit(Transpose<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
  visitor.writes("output", a.output);
}

}  // namespace duel

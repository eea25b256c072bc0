// Dropout during training, one sample per column: kernels/ops/dropout/mask.h says what stays. The gradient takes
// the same op with the same mask.
#pragma once

#include "kernels/ops/dropout/mask.h"

namespace duel {

template <class T>
struct Dropout {
  Matrix<const T> input;  ///< x, or dL/dy [features x pixels of the mask, samples], read
  DropoutMask<T> mask;
  int first_column = 0;  ///< of the samples that take part; the mask's first sample is that of column 0
  Matrix<T> output;      ///< as the input, written in columns from first_column on; may be its memory

  DUEL_HOST_DEVICE int samples() const { return input.columns - first_column; }
};

const Op<Dropout<float>>& dropout_op();

/// The same in double precision, on host memory.
void dropout_reference(const Dropout<double>& arguments);

template <class T, class Visitor>
void visit(Dropout<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("clock", a.mask.clock);
  if (a.first_column > 0) {
    visitor.updates("output", a.output);
  } else {
    visitor.writes("output", a.output);
  }
}

}  // namespace duel

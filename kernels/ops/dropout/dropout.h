// Dropout during training, one sample per column: kernels/ops/dropout/mask.h says what stays. The gradient takes
// the same op with the same mask.
#pragma once

#include "kernels/ops/dropout/mask.h"

namespace duel {

template <class T>
struct Dropout {
  Matrix<const T> input;  ///< x, or dL/dy [features x pixels of the mask, samples], read
  DropoutMask<T> mask;
  Matrix<T> output;  ///< as the input, written; may be its memory
};

const Op<Dropout<float>>& dropout_op();

/// The same in double precision, on host memory.
void dropout_reference(const Dropout<double>& arguments);

template <class T, class Visitor>
void visit(Dropout<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("clock", a.mask.clock);
  visitor.writes("output", a.output);
}

}  // namespace duel

// Dropout during training, one sample per column: kernels/ops/fused_dropout/mask.h says what stays. The gradient takes
// the same op with the same mask.
#pragma once

#include "kernels/ops/fused_dropout/mask.h"

namespace duel {

template <class T>
struct FusedDropout {
  Matrix<const T> input;  ///< x, or dL/dy [features, samples], read
  DropoutMask<T> mask;
  Matrix<T> output;  ///< [features, samples], written; may be the input's memory
};

const Op<FusedDropout<float>>& fused_dropout_op();

/// The same in double precision, on host memory.
void fused_dropout_reference(const FusedDropout<double>& arguments);

template <class T, class Visitor>
void visit(FusedDropout<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("clock", a.mask.clock);
  visitor.writes("output", a.output);
}

}  // namespace duel

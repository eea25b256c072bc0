// The unit gradient of each sample times the sample's dL/dlogit: output(f, c) = gradient(f, c) factor(c).
#pragma once

#include "kernels/op.h"

namespace duel {

template <class T>
struct FusedScale {
  Matrix<const T> gradient;  ///< [features, columns], read
  Vector<const T> factor;    ///< [columns], read
  Matrix<T> output;          ///< [features, columns], written
};

const Op<FusedScale<float>>& fused_scale_op();

/// The same in double precision, on host memory.
void fused_scale_reference(const FusedScale<double>& arguments);

template <class T, class Visitor>
void visit(FusedScale<T>& a, Visitor&& visitor) {
  visitor.reads("gradient", a.gradient);
  visitor.reads("factor", a.factor);
  visitor.writes("output", a.output);
}

}  // namespace duel

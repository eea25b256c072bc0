// The unit gradient of each sample times the sample's dL/dscore: output(f, c) = gradient(f, c) factor(c).
#pragma once

#include "kernels/op.h"

namespace duel {

template <class T>
struct ScaleColumns {
  Matrix<const T> gradient;  ///< [features, columns], read
  Vector<const T> factor;    ///< [columns], read
  Matrix<T> output;          ///< [features, columns], written
};

const Op<ScaleColumns<float>>& scale_columns_op();

/// The same in double precision, on host memory.
void scale_columns_reference(const ScaleColumns<double>& arguments);

template <class T, class Visitor>
void visit(ScaleColumns<T>& a, Visitor&& visitor) {
  visitor.reads("gradient", a.gradient);
  visitor.reads("factor", a.factor);
  visitor.writes("output", a.output);
}

}  // namespace duel

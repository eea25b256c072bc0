// How many values of every row are at most their column's limit, for matrices that come in pieces: each call takes in
// some more columns. With squared distances and squared radii: in how many balls a point lies.
#pragma once

#include <cstdint>

#include "kernels/op.h"

namespace duel {

template <class T>
struct CountInRows {
  Matrix<const T> values;       ///< [rows, columns], read; NaN is not counted
  Vector<const T> limits;       ///< [columns], read
  Vector<std::int32_t> counts;  ///< [rows], updated: += number of columns with value <= limit
};

const Op<CountInRows<float>>& count_in_rows_op();

/// The same in double precision, on host memory.
void count_in_rows_reference(const CountInRows<double>& arguments);

template <class T, class Visitor>
void visit(CountInRows<T>& a, Visitor&& visitor) {
  visitor.reads("values", a.values);
  visitor.reads("limits", a.limits);
  visitor.updates("counts", a.counts);
}

}  // namespace duel

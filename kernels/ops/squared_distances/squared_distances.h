// Squared Euclidean distances between all rows of two matrices: d[i, j] = sum over k of (a[i, k] - b[j, k])².
//
// The differences themselves are squared and added. |a|² + |b|² - 2 a·b, the usual form, costs less but cancels: its
// error is relative to the lengths of a and b, so the distances of near-duplicates drown in it or become negative. Here
// an error is relative to the distance itself, however small that is; a distance is never negative, exactly 0 between
// equal rows, and d(a, b) and d(b, a) have the same bits wherever in the matrices the rows stand.
#pragma once

#include "kernels/op.h"

namespace duel {

template <class T>
struct SquaredDistances {
  Matrix<const T> a;    ///< [n, depth], read
  Matrix<const T> b;    ///< [m, depth], read; may be the same memory as a
  Matrix<T> distances;  ///< [n, m], written
};

const Op<SquaredDistances<float>>& squared_distances_op();

/// The same in double precision, on host memory.
void squared_distances_reference(const SquaredDistances<double>& arguments);

template <class T, class Visitor>
void visit(SquaredDistances<T>& a, Visitor&& visitor) {
  visitor.reads("a", a.a);
  visitor.reads("b", a.b);
  visitor.writes("distances", a.distances);
}

}  // namespace duel

// The k smallest values of every row and where they stand, for matrices that come in pieces: each call takes in some
// more columns. k nearest neighbours are this of a matrix of distances that never exists as a whole.
#pragma once

#include <cstdint>
#include <limits>

#include "kernels/op.h"

namespace duel {

/// Most values that are kept of a row.
inline constexpr int kMostSmallest = 8;
/// What a place holds before any column was seen; its value is infinity.
inline constexpr std::int32_t kNoPlace = std::numeric_limits<std::int32_t>::max();

template <class T>
struct SmallestInRows {
  Matrix<const T> values;       ///< [rows, columns], read; NaN is passed over
  int first_column = 0;         ///< number of the first of these columns among all
  Matrix<T> smallest;           ///< [rows, k], k <= kMostSmallest, updated: ascending; infinity where fewer were seen
  Matrix<std::int32_t> places;  ///< [rows, k], updated: their columns; of equal values the lower column comes first
};

const Op<SmallestInRows<float>>& smallest_in_rows_op();

/// The same in double precision, on host memory.
void smallest_in_rows_reference(const SmallestInRows<double>& arguments);

template <class T, class Visitor>
void visit(SmallestInRows<T>& a, Visitor&& visitor) {
  visitor.reads("values", a.values);
  visitor.updates("smallest", a.smallest);
  visitor.updates("places", a.places);
}

}  // namespace duel

// log of the sum of exp(-rate * value) over every row, for several rates at once and matrices that come in pieces: each
// call takes in some more columns. With squared distances and rates 1 / (2 sigma²): Parzen windows of several widths.
//
// Kept of a row are its least value, which is the largest exponent whatever the rate, and sums relative to it, so
// nothing overflows and the largest term is 1: log sum exp = log(sums) - rate * least.
#pragma once

#include "kernels/op.h"

namespace duel {

template <class T>
struct LogSumExpRows {
  Matrix<const T> values;  ///< [rows, columns], read: finite
  Vector<const T> rates;   ///< [scales], read: at least 0
  Vector<T> least;         ///< [rows], updated: the smallest value so far; infinity before the first call
  Matrix<T> sums;          ///< [rows, scales], updated: sum of exp(-rate * (value - least)); 0 before the first call
};

const Op<LogSumExpRows<float>>& log_sum_exp_rows_op();

/// The same in double precision, on host memory.
void log_sum_exp_rows_reference(const LogSumExpRows<double>& arguments);

template <class T, class Visitor>
void visit(LogSumExpRows<T>& a, Visitor&& visitor) {
  visitor.reads("values", a.values);
  visitor.reads("rates", a.rates);
  visitor.updates("least", a.least);
  visitor.updates("sums", a.sums);
}

}  // namespace duel

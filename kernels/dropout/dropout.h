// Dropout during training: every value stays with probability `keep`, divided by it, or becomes 0. The mask depends on
// (seed, iteration, draw, row, column) alone: the gradient takes the same op with the same numbers, and nothing is
// stored. Value (row, column) stays where u < keep, u of word column % 4 of the words of row `first_row + row` and
// columns 4 * (column / 4) and behind.
// Source: N. Srivastava et al., Dropout (2014), in the inverted form of torch.nn.Dropout(1 - keep); Philox4x32-10.
#pragma once

#include <cstdint>

#include "kernels/op.h"
#include "kernels/training_clock.h"

namespace duel {

template <class T>
struct Dropout {
  Matrix<const T> input;  ///< x, or dL/dy [rows, columns], read
  T keep;                 ///< above 0, at most 1
  std::uint64_t seed;
  std::uint32_t draw;                 ///< distinguishes the draws of one iteration
  int first_row;                      ///< the mask's row of the first row here: two calls may share rows of a mask
  Vector<const TrainingClock> clock;  ///< [1], read
  Matrix<T> output;                   ///< [rows, columns], written; may be the input's memory
};

const Op<Dropout<float>>& dropout_op();

/// The same in double precision, on host memory.
void dropout_reference(const Dropout<double>& arguments);

template <class T, class Visitor>
void visit(Dropout<T>& a, Visitor&& visitor) {
  visitor.reads("input", a.input);
  visitor.reads("clock", a.clock);
  visitor.writes("output", a.output);
}

}  // namespace duel

#include "kernels/ops/linear_maxout/linear_maxout.h"

#include <cmath>

#include "kernels/linear/reference.h"

namespace duel {
namespace {

int winner_of(const Matrix<double>& linear, int row, int first, int pieces) {
  int best = 0;
  for (int piece = 1; piece < pieces; ++piece) {
    const double value = at(linear, row, first + piece), largest = at(linear, row, first + best);
    if (value > largest || (std::isnan(value) && !std::isnan(largest))) best = piece;
  }
  return best;
}

}  // namespace

void linear_maxout_forward_reference(const LinearMaxoutForward<double>& a) {
  linear_reference(a.input, a.weight, a.bias, a.linear);
  for (int row = 0; row < a.output.rows; ++row) {
    for (int unit = 0; unit < a.output.columns; ++unit) {
      const int winner = winner_of(a.linear, row, unit * a.pieces, a.pieces);
      at(a.winner, row, unit) = static_cast<std::uint8_t>(winner);
      at(a.output, row, unit) = at(a.linear, row, unit * a.pieces + winner);
    }
  }
}

void linear_maxout_backward_reference(const LinearMaxoutBackward<double>& a) {
  for (int row = 0; row < a.d_linear.rows; ++row) {
    for (int column = 0; column < a.d_linear.columns; ++column) {
      const int unit = column / a.pieces;
      const bool won = at(a.winner, row, unit) == column % a.pieces;
      at(a.d_linear, row, column) = won ? at(a.d_output, row, unit) : 0.0;
    }
  }
  linear_backward_reference(a.input, a.weight, a.d_linear, a.d_input, a.d_weight, a.d_bias);
}

}  // namespace duel

#include "kernels/ops/maxout/maxout.h"

#include <cmath>

#include "kernels/ops/dropout/reference.h"
#include "kernels/reference.h"

namespace duel {
namespace {

double maxout_factor(const DropoutMask<double>& mask, int sample, int unit) {
  return mask.clock ? dropout_factor(mask, sample, unit) : 1.0;
}

double what_stays(double x, double factor) {
  return factor > 0 ? x * factor : 0.0;  // nothing stays of a NaN that is dropped
}

/// d at the winner, 0 at the other pieces.
void put_to_winner(const Matrix<double>& d_linear, int pieces, int unit, int sample, int winner, double d) {
  for (int piece = 0; piece < pieces; ++piece) {
    at(d_linear, unit * pieces + piece, sample) = piece == winner ? d : 0.0;
  }
}

int winning_piece(const Matrix<const double>& linear, int first, int pieces, int sample) {
  int best = 0;
  for (int piece = 1; piece < pieces; ++piece) {
    const double value = at(linear, first + piece, sample), largest = at(linear, first + best, sample);
    if (value > largest || (std::isnan(value) && !std::isnan(largest))) best = piece;
  }
  return best;
}

}  // namespace

void maxout_forward_reference(const MaxoutForward<double>& a) {
  for (int unit = 0; unit < a.output.rows; ++unit) {
    for (int sample = 0; sample < a.output.columns; ++sample) {
      const int winner = winning_piece(a.linear, unit * a.pieces, a.pieces, sample);
      const double factor = maxout_factor(a.mask, sample, unit);
      at(a.winner, unit, sample) = static_cast<std::uint8_t>(winner);
      at(a.output, unit, sample) = what_stays(at(a.linear, unit * a.pieces + winner, sample), factor);
      if (!a.head_weight) continue;
      put_to_winner(a.unit_gradient, a.pieces, unit, sample, winner, what_stays(a.head_weight.data[unit], factor));
    }
  }
}

void maxout_backward_reference(const MaxoutBackward<double>& a) {
  for (int unit = 0; unit < a.d_output.rows; ++unit) {
    for (int sample = 0; sample < a.d_output.columns; ++sample) {
      put_to_winner(a.d_linear, a.pieces, unit, sample, at(a.winner, unit, sample),
                    what_stays(at(a.d_output, unit, sample), maxout_factor(a.mask, sample, unit)));
    }
  }
}

void maxout_tangent_reference(const MaxoutTangent<double>& a) {
  for (int unit = 0; unit < a.output.rows; ++unit) {
    for (int sample = a.first_column; sample < a.output.columns; ++sample) {
      const double direction = at(a.linear, unit * a.pieces + at(a.winner, unit, sample), sample);
      at(a.output, unit, sample) = what_stays(direction, maxout_factor(a.mask, sample, unit));
    }
  }
}

}  // namespace duel

#include "kernels/reference.h"
#include "kernels/device/random.cuh"
#include "kernels/ops/gradient_penalty/gradient_penalty.h"

namespace duel {

void penalty_points_reference(const PenaltyPoints<double>& a) {
  for (int c = 0; c < a.count; ++c) {
    const RandomWords words = draw_words(a.seed, a.clock.data[0].iteration, kPenaltyDraw + a.draw, 0, c / 4);
    const double share = uniform_open(words.word[c % 4]);
    with_penalty(a.kind, [&](auto penalty) {
      for (int pixel = 0; pixel < a.images.rows; ++pixel) {
        at(a.images, pixel, 2 * a.count + c) =
            penalty.point(at(a.images, pixel, c), at(a.images, pixel, a.count + c), share);
      }
    });
  }
}

void penalty_terms_reference(const PenaltyTerms<double>& a) {
  for (int c = 0; c < a.terms.rows; ++c) {
    double square = 0;
    for (int pixel = 0; pixel < a.gradient.rows; ++pixel) {
      const double g = at(a.gradient, pixel, a.first_column + c);
      square += g * g;
    }
    const PenaltyTerm<double> term = with_penalty(a.kind, [&](auto penalty) { return penalty.of(square); });
    a.terms.data[c] = a.weight * term.value;
    a.factors.data[c] = a.weight * term.factor;
    const int column = a.other_rows.columns - a.terms.rows + c;
    for (int row = 0; row < a.other_rows.rows; ++row) at(a.other_rows, row, column) = 0;
  }
}

}  // namespace duel

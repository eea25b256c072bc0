// The two ends of a gradient penalty of D's loss (kernels/penalties), one sample per column. penalty_points makes the
// images at which it is taken; D then takes them forward and its score back to them, as it does with others.
// penalty_terms makes of each sample's gradient g its penalty, and the factor by which g is the penalty's derivative
// with respect to g.
#pragma once

#include <cstdint>

#include "kernels/op.h"
#include "kernels/penalties/penalties.h"
#include "kernels/training_clock.h"

namespace duel {

/// The share of a sample, alpha, is uniform in (0, 1) and depends on (seed, iteration, draw, sample) alone: u of word
/// c % 4 of the words of row 0 and columns 4 * (c / 4) and after, of draw kPenaltyDraw + draw. Philox4x32-10.
template <class T>
struct PenaltyPoints {
  PenaltyKind kind{};
  std::uint64_t seed = 0;
  std::uint32_t draw = 0;             ///< distinguishes the draws of one iteration
  Vector<const TrainingClock> clock;  ///< [1], read
  int count = 0;                      ///< of samples
  /// [pixels, 3 count]: count real images and as many generated ones, read; the points, written.
  Matrix<T> images;
};

inline constexpr std::uint32_t kPenaltyDraw = 0x50454e41;

const Op<PenaltyPoints<float>>& penalty_points_op();

/// The same in double precision, on host memory.
void penalty_points_reference(const PenaltyPoints<double>& arguments);

template <class T, class Visitor>
void visit(PenaltyPoints<T>& a, Visitor&& visitor) {
  visitor.reads("clock", a.clock);
  visitor.updates("images", a.images);
}

template <class T>
struct PenaltyTerms {
  PenaltyKind kind{};
  T weight;                  ///< of a sample: of the penalty, divided by the samples
  Matrix<const T> gradient;  ///< g in the last columns of [pixels, first_column + count], read
  int first_column = 0;
  Vector<T> terms;       ///< of D's loss [count], written
  Vector<T> factors;     ///< [count], written
  Matrix<T> other_rows;  ///< of D's input, without a part in g: its last count columns become 0; absent: none
};

const Op<PenaltyTerms<float>>& penalty_terms_op();

/// The same in double precision, on host memory.
void penalty_terms_reference(const PenaltyTerms<double>& arguments);

template <class T, class Visitor>
void visit(PenaltyTerms<T>& a, Visitor&& visitor) {
  visitor.reads("gradient", a.gradient);
  visitor.writes("terms", a.terms);
  visitor.writes("factors", a.factors);
  visitor.updates("other_rows", a.other_rows);
}

}  // namespace duel

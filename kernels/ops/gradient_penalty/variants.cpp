#include <array>

#include "kernels/ops/gradient_penalty/launchers.h"

namespace duel {
namespace {

using Points = PenaltyPoints<float>;
using Terms = PenaltyTerms<float>;

void validate_points(const Points& a) {
  constexpr auto op = "penalty_points";
  require(a.count > 0 && a.images.rows > 0, op, "at least one sample and pixel");
  require_shape(op, "images", a.images, a.images.rows, 3 * a.count);
  require_shape(op, "clock", a.clock, 1);
}

void validate_terms(const Terms& a) {
  constexpr auto op = "penalty_terms";
  const int count = a.terms.rows;
  require(count > 0 && a.gradient.rows > 0, op, "at least one sample and pixel");
  require(a.first_column >= 0, op, "first_column >= 0, not " + std::to_string(a.first_column));
  require_shape(op, "gradient", a.gradient, a.gradient.rows, a.first_column + count);
  require_shape(op, "terms", a.terms, count);
  require_shape(op, "factors", a.factors, count);
  if (a.other_rows) require_columns(op, "other_rows", a.other_rows, a.other_rows.rows, count);
}

constexpr std::array kPointsVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Points>{"one_thread_per_columns", "one thread makes 32 points by whole vectors; wins on the CPU device",
                    supports_cpu_device, penalty_points_one_thread},
#endif
    Variant<Points>{"one_lane_per_column", "a lane per sample: rows are read and written coalesced",
                    supports_any_device, penalty_points_lanes},
};

constexpr std::array kTermsVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Terms>{"one_thread_per_columns", "one thread sums up 32 samples by whole vectors; wins on the CPU device",
                   supports_cpu_device, penalty_terms_one_thread},
#endif
    Variant<Terms>{"one_lane_per_column", "a lane per sample, and the groups of a block share out the pixels",
                   supports_any_device, penalty_terms_lanes},
};

// Of what visit() names, points reads two thirds and writes one.
Bytes untouched_points(const Points& a) {
  const double third = static_cast<double>(a.images.bytes()) / 3;
  return {.read = third, .written = 2 * third};
}

Bytes untouched_terms(const Terms& a) {
  const double before = static_cast<double>(sizeof(float)) * a.other_rows.rows * (a.other_rows.columns - a.terms.rows);
  return {.read = static_cast<double>(sizeof(float)) * a.gradient.rows * a.first_column +
                  static_cast<double>(a.other_rows.bytes()),
          .written = a.other_rows ? before : 0};
}

}  // namespace

const Op<Points>& penalty_points_op() {
  static constexpr Op<Points> op{"penalty_points", kPointsVariants,
                                 [](const Points& a) { return Flops{.others = 4.0 * a.images.rows * a.count}; },
                                 validate_points, untouched_points};
  return op;
}

const Op<Terms>& penalty_terms_op() {
  static constexpr Op<Terms> op{"penalty_terms", kTermsVariants,
                                [](const Terms& a) { return Flops{.others = 2.0 * a.gradient.rows * a.terms.rows}; },
                                validate_terms, untouched_terms};
  return op;
}

}  // namespace duel

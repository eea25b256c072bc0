#include <cmath>
#include <vector>

#include "kernels/ops/gradient_penalty/cases.h"
#include "tests/kernels/support/check_cases.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

TEST_CASE("gradient penalty: every case on every variant") {
  CHECK(check_cases(penalty_points_cases(), 1) == "");
  CHECK(check_cases(penalty_terms_cases(), 1) == "");
}

TEST_CASE("gradient penalty: points lie on the line between their two images, each at a place of its own") {
  HostTensors host(1);
  constexpr int kCount = 400;
  PenaltyPoints<double> a{.seed = 3, .clock = host.vector<TrainingClock>({{9, 5, 0}}), .count = kCount};
  a.images = host.uniform(2, 3 * kCount, 0, 0);
  for (int c = 0; c < kCount; ++c) {
    a.images.data[c] = 1;  // real: (1, 0), generated: (0, 2)
    a.images.data[3 * kCount + kCount + c] = 2;
  }
  penalty_points_reference(a);
  double sum = 0, squares = 0, products = 0, before = 0;
  for (int c = 0; c < kCount; ++c) {
    const double share = a.images.data[2 * kCount + c];
    CHECK((share > 0 && share < 1));
    CHECK(a.images.data[3 * kCount + 2 * kCount + c] == Approx(2 * (1 - share)));
    sum += share, squares += share * share, products += share * before;
    before = share;
  }
  // Four standard deviations of the means of a uniform share, of its square, and of neighbours' products.
  CHECK(std::abs(sum / kCount - 1 / 2.) < 4 * std::sqrt(1 / 12. / kCount));
  CHECK(std::abs(squares / kCount - 1 / 3.) < 4 * std::sqrt(4 / 45. / kCount));
  CHECK(std::abs(products / kCount - 1 / 4.) < 4 * std::sqrt((1 / 9. - 1 / 16.) / kCount));

  a.kind = penalty_kind<R1Penalty>();
  penalty_points_reference(a);
  for (int c = 0; c < kCount; ++c) {
    CHECK(a.images.data[2 * kCount + c] == 1);
    CHECK(a.images.data[3 * kCount + 2 * kCount + c] == 0);
  }
}

TEST_CASE("gradient penalty: points depend on seed, iteration and draw") {
  const auto points = [](std::uint64_t seed, std::uint64_t iteration, std::uint32_t draw) {
    HostTensors host(1);
    PenaltyPoints<double> a{.seed = seed, .draw = draw, .clock = host.vector<TrainingClock>({{iteration, 0, 0}})};
    a.count = 5;
    a.images = host.uniform(3, 15, -1, 1);
    penalty_points_reference(a);
    return std::vector<double>(a.images.data, a.images.data + a.images.size());
  };
  CHECK(points(1, 2, 3) == points(1, 2, 3));
  CHECK(points(1, 2, 3) != points(4, 2, 3));
  CHECK(points(1, 2, 3) != points(1, 4, 3));
  CHECK(points(1, 2, 3) != points(1, 2, 4));
}

TEST_CASE("gradient penalty: a gradient by hand") {
  HostTensors host(1);
  const Matrix<double> gradient{host.vector(std::vector<double>{7, 3, 0, 7, 4, 0}).data, 2, 3};  // (3, 4), (0, 0)
  PenaltyTerms<double> a{
      .weight = 0.5, .gradient = gradient, .first_column = 1, .terms = host.vector(2), .factors = host.vector(2)};
  penalty_terms_reference(a);
  CHECK(a.terms.data[0] == Approx(0.5 * 16));       // (5 - 1)²
  CHECK(a.factors.data[0] == Approx(0.5 * 8 / 5));  // 2 (5 - 1) / 5
  CHECK(a.terms.data[1] == 0.5);
  CHECK(a.factors.data[1] == 0);
  a.other_rows = {host.vector(std::vector<double>{1, 2, 3, 4}).data, 1, 4};
  a.kind = penalty_kind<R1Penalty>();
  penalty_terms_reference(a);
  CHECK(std::vector<double>(a.other_rows.data, a.other_rows.data + 4) == std::vector<double>{1, 2, 0, 0});
  CHECK(a.terms.data[0] == Approx(0.5 * 25 / 2));
  CHECK(a.factors.data[0] == 0.5);
  CHECK(a.terms.data[1] == 0);
  CHECK(a.factors.data[1] == 0.5);
}

TEST_CASE("gradient penalty: a norm that is no number is none") {
  const float nan = std::nanf("");
  CHECK(std::isnan(UnitNormPenalty::of(nan).value));
  CHECK(std::isnan(UnitNormPenalty::of(nan).factor));
  CHECK(std::isnan(R1Penalty::of(nan).value));
}

TEST_CASE("gradient penalty: factors are the derivatives of values") {
  for_each_unit(Penalties(), [](auto penalty) {
    for (const double norm : {1e-3, 0.5, 1.0, 3.0}) {
      CAPTURE(decltype(penalty)::kName, norm);
      constexpr double kStep = 1e-6;  // of a gradient of one value: dP/dg = factor g
      const auto value = [&](double g) { return penalty.of(g * g).value; };
      const double slope = (value(norm + kStep) - value(norm - kStep)) / (2 * kStep);
      CHECK(penalty.of(norm * norm).factor * norm == Approx(slope).margin(1e-8));
    }
  });
}

TEST_CASE("gradient penalty: wrong arguments are refused by name") {
  PenaltyPoints<float> points{.clock = shape<const TrainingClock>(1), .count = 4, .images = shape<float>(5, 12)};
  penalty_points_op().validate(points);
  points.images = shape<float>(5, 11);
  CHECK(check_refusal(penalty_points_op(), points, "images") == "");
  points.images = shape<float>(5, 12), points.clock = {};
  CHECK(check_refusal(penalty_points_op(), points, "clock") == "");
  points.count = 0;
  CHECK(check_refusal(penalty_points_op(), points, "at least one") == "");

  const PenaltyTerms<float> valid{
      .gradient = shape<const float>(5, 6), .first_column = 2, .terms = shape<float>(4), .factors = shape<float>(4)};
  penalty_terms_op().validate(valid);
  auto terms = valid;
  terms.first_column = 3;
  CHECK(check_refusal(penalty_terms_op(), terms, "gradient") == "");
  terms.first_column = -1;
  CHECK(check_refusal(penalty_terms_op(), terms, "first_column") == "");
  terms = valid, terms.factors = shape<float>(5);
  CHECK(check_refusal(penalty_terms_op(), terms, "factors") == "");
  terms = valid, terms.other_rows = shape<float>(2, 3);
  CHECK(check_refusal(penalty_terms_op(), terms, "other_rows") == "");
  terms = valid, terms.terms = {};
  CHECK(check_refusal(penalty_terms_op(), terms, "at least one") == "");
}

}  // namespace
}  // namespace duel::test

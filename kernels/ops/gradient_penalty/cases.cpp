#include "kernels/ops/gradient_penalty/cases.h"

#include <algorithm>
#include <cmath>

#include "kernels/reference.h"
#include "kernels/verify/sizes.h"

namespace duel::verify {
namespace {

using Points = PenaltyPoints<float>;
using Terms = PenaltyTerms<float>;

Points points_shapes(int pixels, int count, PenaltyKind kind) {
  return {.kind = kind,
          .seed = 11,
          .draw = 2,
          .clock = shape<const TrainingClock>(1),
          .count = count,
          .images = shape<float>(pixels, 3 * count)};
}

Terms terms_shapes(int pixels, int count, PenaltyKind kind) {
  return {.kind = kind,
          .weight = 10.f / static_cast<float>(count),
          .gradient = shape<const float>(pixels, 2 * count + count),
          .first_column = 2 * count,
          .terms = shape<float>(count),
          .factors = shape<float>(count)};
}

Terms conditional_terms_shapes(int pixels, int count, PenaltyKind kind) {
  Terms terms = terms_shapes(pixels, count, kind);
  terms.other_rows = shape<float>(10, 3 * count);
  return terms;
}

PenaltyPoints<double> make_points(HostTensors& host, const Points& shapes) {
  return {.kind = shapes.kind,
          .seed = shapes.seed,
          .draw = shapes.draw,
          .clock = host.vector<TrainingClock>({{9, 5, 0}}),
          .count = shapes.count,
          .images = host.uniform(shapes.images.rows, shapes.images.columns, -1, 1)};
}

// Norms on both sides of 1, and one gradient that is 0, where the norm has no derivative.
PenaltyTerms<double> make_terms(HostTensors& host, const Terms& shapes) {
  const int pixels = shapes.gradient.rows, count = shapes.terms.rows;
  const double limit = std::sqrt(3.0 / pixels);  // of norm 1 on the average
  PenaltyTerms<double> a{.kind = shapes.kind, .weight = shapes.weight};
  const Matrix<double> gradient = host.uniform(pixels, shapes.gradient.columns, -limit, limit);
  a.first_column = shapes.first_column;
  for (int pixel = 0; pixel < pixels; ++pixel) {
    for (int c = 0; c < count; ++c) {
      at(gradient, pixel, a.first_column + c) *= c % 4 == 3 ? 0.0 : 0.5 * (1 + c % 4);
    }
  }
  a.gradient = gradient;
  a.terms = host.vector(count);
  a.factors = host.vector(count);
  if (shapes.other_rows) a.other_rows = host.uniform(shapes.other_rows.rows, shapes.other_rows.columns, -1, 1);
  return a;
}

// Two roundings, of a difference and a product that are at most as large as the values, and one of the sum.
Bounds points_bounds(const PenaltyPoints<double>& before, const PenaltyPoints<double>& after) {
  const int count = after.count;
  std::vector<double> error(after.images.size());
  for (int pixel = 0; pixel < after.images.rows; ++pixel) {
    for (int c = 0; c < count; ++c) {
      const double size = std::abs(at(before.images, pixel, c)) + std::abs(at(before.images, pixel, count + c));
      const auto to = static_cast<std::size_t>(pixel) * after.images.columns + 2 * count + c;
      if (after.kind != penalty_kind<R1Penalty>()) error[to] = 4 * kRounding * size;
    }
  }
  Bounds bounds;
  bounds.set("images", error);
  return bounds;
}

// The largest change over the error of |g|², and the roundings of a root, a difference, a product and a quotient, whose
// parts are no larger than 1 + |g|² and 2 + 2 / |g|.
Bounds terms_bounds(const PenaltyTerms<double>&, const PenaltyTerms<double>& a) {
  std::vector<double> terms(a.terms.rows), factors(a.terms.rows);
  for (int c = 0; c < a.terms.rows; ++c) {
    double square = 0;
    for (int pixel = 0; pixel < a.gradient.rows; ++pixel) {
      square += std::pow(at(a.gradient, pixel, a.first_column + c), 2);
    }
    if (square == 0) {
      terms[c] = 2 * kRounding * std::abs(a.terms.data[c]);
      continue;
    }
    with_penalty(a.kind, [&](auto penalty) {
      const double error = sum_error(a.gradient.rows) * square;
      const PenaltyTerm<double> exact = penalty.of(square);
      for (const double other : {square - error, square + error}) {
        const PenaltyTerm<double> term = penalty.of(other);
        terms[c] = std::max(terms[c], std::abs(term.value - exact.value));
        factors[c] = std::max(factors[c], std::abs(term.factor - exact.factor));
      }
    });
    terms[c] = a.weight * (terms[c] + 8 * kRounding * (1 + square));
    factors[c] = a.weight * (factors[c] + 8 * kRounding * (2 + 2 / std::sqrt(square)));
  }
  Bounds bounds;
  bounds.set("terms", terms);
  bounds.set("factors", factors);
  return bounds;
}

template <class Arguments>
std::vector<Case<Arguments>> cases_of(Arguments (*arguments)(int pixels, int count, PenaltyKind)) {
  std::vector<Case<Arguments>> result;
  const auto add = [&](int pixels, int count, PenaltyKind kind, const std::string& penalty, bool of_training = false,
                       int misalignment = 0) {
    std::string name = std::to_string(count) + " of " + std::to_string(pixels) + " pixels, " + penalty;
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name, arguments(pixels, count, kind), misalignment, of_training});
  };
  for_each_unit(Penalties(), [&](auto penalty) {
    using Penalty = decltype(penalty);
    const auto kind = penalty_kind<Penalty>();
    add(784, 64, kind, Penalty::kName, true);
    for (const int misalignment : {1, 2, 3}) add(33, 65, kind, Penalty::kName, false, misalignment);
  });
  const auto kind = penalty_kind<UnitNormPenalty>();
  for (const LayerSize& size : edge_layers()) add(size.in, size.batch, kind, UnitNormPenalty::kName);
  for (const int pixels : {111, 112, 113}) add(pixels, 33, kind, UnitNormPenalty::kName);
  return result;
}

const std::vector<Axis> kAxes = {{"pixels", 784}, {"samples", 64}};

}  // namespace

OpCases<PenaltyPoints<double>, Points> penalty_points_cases() {
  return {penalty_points_op(),
          penalty_points_reference,
          make_points,
          points_bounds,
          [] { return cases_of<Points>(points_shapes); },
          nullptr,
          {kAxes, [](const std::vector<int>& n) { return points_shapes(n[0], n[1], {}); }}};
}

OpCases<PenaltyTerms<double>, Terms> penalty_terms_cases() {
  return {penalty_terms_op(),
          penalty_terms_reference,
          make_terms,
          terms_bounds,
          [] {
            std::vector<Case<Terms>> cases = cases_of<Terms>(terms_shapes);
            for (Case<Terms>& one : cases_of<Terms>(conditional_terms_shapes)) {
              one.name += ", conditional";
              cases.push_back(std::move(one));
            }
            Terms planes = terms_shapes(49, 33, penalty_kind<UnitNormPenalty>());
            planes.other_rows = shape<float>(10 * 49, 3 * 33);
            cases.push_back({"33 of 49 pixels, with ten planes", planes});
            return cases;
          },
          nullptr,
          {kAxes, [](const std::vector<int>& n) { return terms_shapes(n[0], n[1], {}); }}};
}

}  // namespace duel::verify

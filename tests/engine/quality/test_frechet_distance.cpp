#include "engine/quality/frechet_distance.h"

#include <cmath>

#include "tests/engine/quality/made_up.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

double distance(const Moments& a, const Moments& b) {
  const double both = frechet_distance(a, b);
  CHECK(std::abs(both - frechet_distance(b, a)) <= 1e-9 * (1 + both));
  return both;
}

// Of Gaussians whose covariances commute the distance is |m1 - m2|² + the sum of (s1 - s2)² over their axes.
TEST_CASE("frechet distance: Gaussians with known distance") {
  const Moments a{2, {1, 2}, {4, 0, 0, 9}}, b{2, {0, 4}, {1, 0, 0, 25}};
  CHECK(std::abs(distance(a, b) - (1 + 4 + 1 + 4)) < 1e-12);
  const double c = std::cos(0.3), s = std::sin(0.3);  // both turned by the same angle
  const auto turned = [&](double u, double v) {
    return std::vector<double>{c * c * u + s * s * v, c * s * (u - v), c * s * (u - v), s * s * u + c * c * v};
  };
  CHECK(std::abs(distance({2, {0, 0}, turned(4, 9)}, {2, {0, 0}, turned(1, 25)}) - 5) < 1e-12);
  // They do not commute: tr (C1 C2)^(1/2) is the root of tr(C1 C2) + 2 (det C1 C2)^(1/2) in two dimensions.
  const Moments d{2, {0, 0}, {2, 1, 1, 3}}, e{2, {0, 0}, {5, -1, -1, 1}};
  const double trace_of_product = 2 * 5 - 1 - 1 + 3, roots = std::sqrt(trace_of_product + 2 * std::sqrt(5.0 * 4));
  CHECK(std::abs(distance(d, e) - (5 + 6 - 2 * roots)) < 1e-12);
}

TEST_CASE("frechet distance: 0 for identical sets, also where features are constant or copies of each other") {
  Values values(1);
  std::vector<float> points = values.normals(3000 * 4);
  for (int i = 0; i < 3000; ++i) {
    points[i * 4 + 1] = 5;
    points[i * 4 + 2] = points[i * 4];
  }
  const Moments moments = moments_of({points, 4});
  CHECK(distance(moments, moments) < 1e-9);
  CHECK(moments.mean[1] == 5);
  CHECK(moments.covariance[1 * 4 + 1] == 0);
}

TEST_CASE("frechet distance: moments of a sample, in more points than are taken at a time") {
  Values values(2);
  std::vector<float> points;
  double mean[2] = {}, product = 0;
  constexpr int kCount = 2500;
  for (int i = 0; i < kCount; ++i) {
    const double x = 100 + values.normal(), y = x + values.normal();
    points.push_back(static_cast<float>(x));
    points.push_back(static_cast<float>(y));
    mean[0] += static_cast<double>(points[2 * i]) / kCount;
    mean[1] += static_cast<double>(points[2 * i + 1]) / kCount;
  }
  for (int i = 0; i < kCount; ++i) {
    product += (static_cast<double>(points[2 * i]) - mean[0]) * (static_cast<double>(points[2 * i + 1]) - mean[1]);
  }
  const Moments moments = moments_of({points, 2});
  CHECK(std::abs(moments.mean[1] - mean[1]) < 1e-9);
  CHECK(std::abs(moments.covariance[1] - product / (kCount - 1)) < 1e-9);
  CHECK(moments.covariance[1] == moments.covariance[2]);
}

TEST_CASE("frechet distance: one point, and dimensions that differ, are refused") {
  const std::vector<float> point = {1, 2};
  CHECK_THROWS_AS(moments_of({point, 2}), std::invalid_argument);
  CHECK_THROWS_AS(frechet_distance({1, {0}, {1}}, {2, {0, 0}, {1, 0, 0, 1}}), std::invalid_argument);
}

}  // namespace

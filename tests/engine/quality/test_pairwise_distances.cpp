// Neighbours, balls and log sum exp against brute force, in sets larger than a tile.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/quality/copies.h"
#include "tests/engine/quality/made_up.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

constexpr int kQueries = 1030, kPoints = 2060, kDimension = 3;

struct Sets {
  std::vector<float> queries, points;
  PairwiseDistances distances;
  DevicePoints device_queries, device_points;

  Sets() {
    Values values(1);
    queries = values.normals(kQueries * kDimension);
    points = values.normals(kPoints * kDimension);
    device_queries = distances.upload({queries, kDimension});
    device_points = distances.upload({points, kDimension});
  }
  double squared(int query, int point) const {
    double sum = 0;
    for (int k = 0; k < kDimension; ++k) {
      const double difference = static_cast<double>(queries[query * kDimension + k]) - points[point * kDimension + k];
      sum += difference * difference;
    }
    return sum;
  }
};

TEST_CASE("nearest: the neighbours that brute force finds") {
  const Sets sets;
  const Neighbours found = sets.distances.nearest(sets.device_queries, sets.device_points, 4);
  REQUIRE(found.count() == kQueries);
  for (int q = 0; q < kQueries; ++q) {
    std::vector<int> order(kPoints);
    std::iota(order.begin(), order.end(), 0);
    std::partial_sort(order.begin(), order.begin() + 4, order.end(),
                      [&](int a, int b) { return sets.squared(q, a) < sets.squared(q, b); });
    for (int rank = 0; rank < 4; ++rank) {
      const double expected = sets.squared(q, order[rank]);
      if (std::abs(found.squared_distance(q, rank) - expected) > 1e-5 * expected) FAIL_CHECK("query " << q);
      if (std::abs(sets.squared(q, found.index(q, rank)) - expected) > 1e-5 * expected) FAIL_CHECK("query " << q);
    }
  }
}

TEST_CASE("balls: how many each query lies in, for several radii at once") {
  const Sets sets;
  std::vector<float> small(kPoints), large(kPoints, 4.f);
  for (int p = 0; p < kPoints; ++p) small[p] = 0.01f * static_cast<float>(p % 10);
  const auto counts = sets.distances.count_balls(sets.device_queries, sets.device_points, {small, large});
  REQUIRE(counts.size() == 2);
  std::int64_t expected_small = 0, found_small = 0, expected_large = 0, found_large = 0;
  for (int q = 0; q < kQueries; ++q) {
    found_small += counts[0][q];
    found_large += counts[1][q];
    for (int p = 0; p < kPoints; ++p) {
      expected_small += sets.squared(q, p) <= small[p];
      expected_large += sets.squared(q, p) <= large[p];
    }
  }
  CHECK(std::abs(found_small - expected_small) <= 2);  // a distance that rounds across its radius
  CHECK(std::abs(found_large - expected_large) <= 2);
  CHECK(expected_small > 1000);
  CHECK_THROWS_AS(sets.distances.count_balls(sets.device_queries, sets.device_points, {{1.f}}), std::invalid_argument);
}

TEST_CASE("log sum exp: what brute force sums") {
  const Sets sets;
  const std::vector<float> rates = {0.5f, 50.f};
  const auto found = sets.distances.log_sum_exp(sets.device_queries, sets.device_points, rates);
  REQUIRE(found.size() == kQueries * rates.size());
  for (int q = 0; q < kQueries; q += 7) {
    for (std::size_t s = 0; s < rates.size(); ++s) {
      double sum = 0;
      for (int p = 0; p < kPoints; ++p) sum += std::exp(-static_cast<double>(rates[s]) * sets.squared(q, p));
      if (!(std::abs(found[q * rates.size() + s] - std::log(sum)) < 1e-4)) FAIL_CHECK("query " << q);
    }
  }
}

TEST_CASE("copies: planted pairs are counted, and only those") {
  Values values(2);
  std::vector<float> points = values.normals(200 * 10);
  const PairwiseDistances distances;
  const auto pairs = [&](double threshold) {
    return close_pairs(distances, distances.upload({points, 10}), threshold);
  };
  CHECK(pairs(1e-3) == 0);
  for (int i = 0; i < 30; i += 3) {  // ten copies, a hair apart
    std::copy_n(points.begin() + i * 10, 10, points.begin() + (100 + i) * 10);
    points[(100 + i) * 10] += 1e-4f;
  }
  CHECK(pairs(1e-3) == 10);
  CHECK(pairs(100) == 200 * 199 / 2);
}

TEST_CASE("copies: distances to others leave the point itself out, and equal points have distance 0") {
  const std::vector<float> points = {0, 3, 3, 7}, queries = {2, 9};
  const PairwiseDistances distances;
  const DevicePoints on_device = distances.upload({points, 1});
  CHECK(nearest_other_distances(distances, on_device) == std::vector<double>{3, 0, 0, 4});
  CHECK(nearest_distances(distances, distances.upload({queries, 1}), on_device) == std::vector<double>{1, 2});
}

TEST_CASE("points: no points, and values that are no whole points, are refused") {
  const PairwiseDistances distances;
  const std::vector<float> values(7);
  CHECK_THROWS_AS(distances.upload({{}, 3}), std::invalid_argument);
  CHECK_THROWS_AS(distances.upload({values, 3}), std::invalid_argument);
}

}  // namespace

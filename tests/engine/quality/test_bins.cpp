// k-means and the number of statistically different bins.
#include <set>

#include "engine/quality/different_bins.h"
#include "tests/engine/quality/made_up.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

/// Points around 0, 100, ..., 100 (clusters - 1), in turns, the cluster `without` left out.
std::vector<float> clustered(int count, int clusters, std::uint64_t seed, int without = -1) {
  Values values(seed);
  std::vector<float> points;
  for (int i = 0; static_cast<int>(points.size()) < 2 * count; ++i) {
    if (i % clusters == without) continue;
    points.push_back(static_cast<float>(100 * (i % clusters) + values.normal()));
    points.push_back(static_cast<float>(values.normal()));
  }
  return points;
}

TEST_CASE("k-means: centres are the means of their points, every seed gives its own bits again") {
  const std::vector<float> points = clustered(600, 3, 1);
  const PairwiseDistances distances;
  const std::vector<float> centres = k_means(distances, {points, 2}, 3, 5, 100);
  const auto nearest = nearest_centres(distances, distances.upload({points, 2}), {centres, 2});
  double sums[3][2] = {};
  int counts[3] = {};
  for (int i = 0; i < 600; ++i) {
    ++counts[nearest[i]];
    for (int k = 0; k < 2; ++k) sums[nearest[i]][k] += static_cast<double>(points[2 * i + k]);
  }
  for (int c = 0; c < 3; ++c) {
    REQUIRE(counts[c] > 0);
    for (int k = 0; k < 2; ++k) CHECK(std::abs(centres[2 * c + k] - sums[c][k] / counts[c]) < 1e-3);
  }
  CHECK(k_means(distances, {points, 2}, 3, 5, 100) == centres);
  CHECK(k_means(distances, {points, 2}, 3, 6, 0) != k_means(distances, {points, 2}, 3, 5, 0));
  CHECK_THROWS_AS(k_means(distances, Points{points, 2}.first(2), 3, 5, 100), std::invalid_argument);
}

TEST_CASE("bins: the z-test at 5 percent") {
  CHECK(!shares_differ(100, 1000, 100, 1000));
  CHECK(!shares_differ(0, 1000, 0, 500));
  CHECK(!shares_differ(100, 1000, 127, 1000));  // z = 1.90
  CHECK(shares_differ(100, 1000, 129, 1000));   // z = 2.04
  CHECK(shares_differ(129, 1000, 100, 1000));
  CHECK(!shares_differ(10, 100, 13, 100));
  CHECK(shares_differ(1000, 1000, 0, 1000));
}

TEST_CASE("bins: samples like the real ones differ in few bins, a cluster left out and far samples in many") {
  const std::vector<float> real = clustered(1000, 5, 1), same = clustered(1000, 5, 2),
                           missing = clustered(1000, 5, 3, 2), far(2000, -1e4f);
  const PairwiseDistances distances;
  const RealBins bins(distances, {real, 2});
  CHECK(bins.bins() == 100);
  CHECK(bins.share_of_different({real, 2}) == 0);
  const double of_same = bins.share_of_different({same, 2}), of_missing = bins.share_of_different({missing, 2});
  CHECK(of_same < 0.12);
  CHECK(of_missing > of_same + 0.15);
  CHECK(bins.share_of_different({far, 2}) > 0.8);
}

TEST_CASE("bins: small sets have fewer, and ten images at least") {
  const std::vector<float> points = clustered(50, 5, 1);
  const PairwiseDistances distances;
  CHECK(RealBins(distances, {points, 2}).bins() == 5);
  CHECK_THROWS_AS(RealBins(distances, Points{points, 2}.first(9)), std::invalid_argument);
}

}  // namespace

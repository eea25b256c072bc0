#include "engine/quality/manifold.h"

#include "tests/engine/quality/made_up.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

TEST_CASE("manifold: identical sets cover each other, far ones do not at all") {
  Values values(1);
  const std::vector<float> real = values.normals(300 * 5), far = values.normals(300 * 5, 1000);
  const PairwiseDistances distances;
  const Manifold manifold(distances, {real, 5});
  const ManifoldScores same = manifold.scores({real, 5});
  CHECK(same.precision == 1);
  CHECK(same.recall == 1);
  CHECK(same.coverage == 1);
  CHECK(same.density > 1);  // a point lies in its own ball, and in those of the points it is near to: 6 / 5 on average
  CHECK(same.density < 1.5);
  const ManifoldScores none = manifold.scores({far, 5});
  CHECK((none.precision == 0 && none.recall == 0 && none.density == 0 && none.coverage == 0));
}

// On a line: real points 0, 10, ..., 90. The third and fifth neighbours of the first point are 30 and 50 away.
TEST_CASE("manifold: radii reach to the third and the fifth neighbour") {
  std::vector<float> real;
  for (int i = 0; i < 10; ++i) real.push_back(static_cast<float>(10 * i));
  const PairwiseDistances distances;
  const Manifold manifold(distances, {real, 1});
  const auto at = [&](float x) {
    const std::vector<float> samples = {x, x, x, x};  // their own balls have radius 0
    return manifold.scores({samples, 1});
  };
  CHECK(at(-30).precision == 1);
  CHECK(at(-30.5f).precision == 0);
  CHECK(at(-30).recall == 0);
  CHECK(at(0).recall == 0.1);
  CHECK(at(-50).coverage == 0.1);
  CHECK(at(-50.5f).coverage == 0);
  CHECK(at(-50).density == 1.0 / 5);
}

TEST_CASE("manifold: a part left out lowers recall and coverage, not precision") {
  Values values(2);
  std::vector<float> real = values.normals(400 * 4), samples = values.normals(400 * 4);
  for (int i = 0; i < 100; ++i) real[i * 4] += 50;  // a quarter of the real points lies elsewhere
  const PairwiseDistances distances;
  const Manifold manifold(distances, {real, 4});
  const ManifoldScores scores = manifold.scores({samples, 4});
  CHECK(scores.precision > 0.8);
  CHECK(scores.recall < 0.75);
  CHECK(scores.recall > 0.5);
  CHECK(scores.coverage < 0.75);
  CHECK(scores.coverage > 0.5);
}

TEST_CASE("manifold: too few points are refused") {
  const std::vector<float> few = {1, 2, 3, 4, 5}, enough = {1, 2, 3, 4, 5, 6};
  const PairwiseDistances distances;
  CHECK_THROWS_AS(Manifold(distances, {few, 1}), std::invalid_argument);
  const Manifold manifold(distances, {enough, 1});
  CHECK_THROWS_AS(manifold.scores(Points{few, 1}.first(3)), std::invalid_argument);
  CHECK_NOTHROW(manifold.scores(Points{few, 1}.first(4)));
}

}  // namespace

#include <vector>

#include "kernels/ops/squared_distances/cases.h"
#include "kernels/runtime/buffer.h"
#include "tests/kernels/support/check_cases.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {
namespace {

TEST_CASE("squared distances: every case against the reference") {
  CHECK(check_cases(verify::squared_distances_cases(), 1) == "");
}

/// Distances of all rows of `points` [count, depth] from each other, by one variant.
std::vector<float> all_distances(const Variant<SquaredDistances<float>>& variant, const std::vector<float>& points,
                                 int depth) {
  const Stream stream;
  const int count = static_cast<int>(points.size()) / depth;
  const DeviceBuffer<float> memory(points, stream), distances(static_cast<std::size_t>(count) * count);
  const Matrix<float> view = memory.matrix(count, depth);
  variant.launch({.a = view, .b = view, .distances = distances.matrix(count, count)}, stream);
  return distances.download(stream);
}

// Points far from 0 and near each other, where |a|² + |b|² - 2 a·b has no correct digit left.
TEST_CASE("squared distances: near-duplicates keep their digits, equal points have distance 0, both ways agree") {
  constexpr int kDepth = 784, kCount = 70;
  constexpr float kStep = 0x1p-12f;
  std::vector<float> points(kCount * kDepth);
  for (int i = 0; i < kCount; ++i) {
    for (int k = 0; k < kDepth; ++k) {
      const int wave = (31 * k) % 97;
      points[i * kDepth + k] = 100.f + static_cast<float>(wave) + (k == i && i > 0 ? static_cast<float>(i) * kStep : 0);
    }
  }
  std::copy_n(points.begin() + 5 * kDepth, kDepth, points.begin() + 69 * kDepth);
  for (const auto& variant : squared_distances_op().variants) {
    if (!variant.supports({}, Device::current())) continue;
    INFO(variant.name);
    const std::vector<float> d = all_distances(variant, points, kDepth);
    for (int i = 1; i < 69; ++i) {
      const float expected = (static_cast<float>(i) * kStep) * (static_cast<float>(i) * kStep);
      CHECK(std::abs(d[i] - expected) <= 1e-6f * expected);
      CHECK(d[i * kCount] == d[i]);
      CHECK(d[i * kCount + i] == 0.f);
    }
    CHECK(d[69 * kCount + 5] == 0.f);
    CHECK(d[5 * kCount + 69] == 0.f);
  }
}

TEST_CASE("squared distances: wrong arguments are refused by name") {
  SquaredDistances<float> valid{};
  valid.a = shape<const float>(4, 3);
  valid.b = shape<const float>(5, 3);
  valid.distances = shape<float>(4, 5);
  CHECK(check_shapes(squared_distances_op(), valid, {.defining = {"a", "b", "distances"}}) == "");
}

}  // namespace
}  // namespace duel::test

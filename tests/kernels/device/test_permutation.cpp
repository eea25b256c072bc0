// permuted_index(): a permutation for every count, other ones for other seeds and epochs, and without a pattern.
// Seeds are fixed: a bound of five standard deviations is passed or failed for good.
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/device/permutation.cuh"
#include "tests/support/catch.h"

namespace duel::test {
namespace {

std::vector<std::uint64_t> order_of(std::uint64_t count, std::uint64_t seed, std::uint64_t epoch) {
  std::vector<std::uint64_t> order;
  for (std::uint64_t i = 0; i < count; ++i) order.push_back(permuted_index(i, count, seed, epoch));
  return order;
}

bool is_permutation_of_all(const std::vector<std::uint64_t>& order) {
  std::vector<bool> seen(order.size());
  for (const std::uint64_t index : order) {
    if (index >= order.size() || seen[index]) return false;
    seen[index] = true;
  }
  return true;
}

std::size_t fixed_points(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] == b[i];
  return count;
}

TEST_CASE("permutation: every index once, for small counts and for MNIST's") {
  for (std::uint64_t count = 1; count <= 70; ++count) {
    for (const std::uint64_t epoch : {0ull, 1ull, 1ull << 40}) {
      INFO("count " << count << ", epoch " << epoch);
      CHECK(is_permutation_of_all(order_of(count, 7, epoch)));
    }
  }
  for (const std::uint64_t count : {255, 256, 257, 4096, 4097, 10000, 60000}) {
    INFO("count " << count);
    CHECK(is_permutation_of_all(order_of(count, 7, 3)));
  }
}

TEST_CASE("permutation: counts beyond 32 bits stay below the count") {
  for (const std::uint64_t count : {1ull << 32, (1ull << 32) + 1, 1ull << 62, (1ull << 62) + 1, ~0ull}) {
    for (const std::uint64_t position : {std::uint64_t{0}, std::uint64_t{12345}, count - 1}) {
      INFO("count " << count << ", position " << position);
      CHECK(permuted_index(position, count, 7, 3) < count);
    }
  }
}

// A run that goes on must find the order that it began with. The numbers come from a script of its own: Philox4x32-10
// and six rounds of Feistel, in whole numbers of any size.
TEST_CASE("permutation: known orders") {
  const std::vector<std::uint64_t> ten{2, 6, 3, 9, 7, 0, 8, 5, 1, 4};
  CHECK(order_of(10, 7, 3) == ten);
  CHECK(permuted_index(0, 60000, 1, 0) == 36590);
  CHECK(permuted_index(1, 60000, 1, 0) == 58943);
  CHECK(permuted_index(59999, 60000, 1, 0) == 31335);
  CHECK(permuted_index(59999, 60000, (2ull << 32) + 7, (3ull << 32) + 5) == 5964);
  CHECK(permuted_index(59999, (1ull << 62) + 1, 7, 3) == 4270326398245105191);
}

// Two independent orders agree in about one place, more than 12 times with a chance of 1e-10.
TEST_CASE("permutation: epochs and seeds have orders of their own") {
  const auto base = order_of(60000, 7, 3);
  CHECK(fixed_points(base, order_of(60000, 7, 3)) == 60000);
  CHECK(fixed_points(base, order_of(60000, 7, 4)) <= 12);
  CHECK(fixed_points(base, order_of(60000, 7, 3 + (1ull << 32))) <= 12);
  CHECK(fixed_points(base, order_of(60000, 8, 3)) <= 12);
  CHECK(fixed_points(base, order_of(60000, 7 + (1ull << 32), 3)) <= 12);
  std::vector<std::uint64_t> as_stored;
  for (std::uint64_t i = 0; i < 60000; ++i) as_stored.push_back(i);
  CHECK(fixed_points(base, as_stored) <= 12);
}

// All 24 orders of four images come up, each about equally often: 2400 epochs, 100 each, deviation 10.
TEST_CASE("permutation: all orders of four images are about as likely") {
  std::vector<int> times(256);
  for (std::uint64_t epoch = 0; epoch < 2400; ++epoch) {
    std::size_t code = 0;
    for (const std::uint64_t index : order_of(4, 7, epoch)) code = code * 4 + index;
    ++times[code];
  }
  int orders = 0;
  for (const int count : times) {
    if (count == 0) continue;
    ++orders;
    CHECK(count >= 50);
    CHECK(count <= 150);
  }
  CHECK(orders == 24);
}

// Chi-square over 20 x 20 buckets of (x, y): 19 * 19 degrees of freedom for a permutation, deviation sqrt(2 * 361).
double chi_square(const std::vector<std::uint64_t>& x, const std::vector<std::uint64_t>& y) {
  constexpr std::size_t kBuckets = 20;
  const std::size_t count = x.size();
  std::vector<double> table(kBuckets * kBuckets);
  for (std::size_t i = 0; i < count; ++i) ++table[x[i] * kBuckets / count * kBuckets + y[i] * kBuckets / count];
  const double expected = static_cast<double>(count) / (kBuckets * kBuckets);
  double sum = 0;
  for (const double n : table) sum += (n - expected) * (n - expected) / expected;
  return sum;
}

TEST_CASE("permutation: index and position, and neighbouring indices, look independent") {
  const double mean = 361, deviation = std::sqrt(2 * 361.0);
  for (const std::uint64_t epoch : {0, 1, 2}) {
    INFO("epoch " << epoch);
    const auto order = order_of(60000, 42, epoch), next_epoch = order_of(60000, 42, epoch + 1);
    std::vector<std::uint64_t> position, neighbour = order;
    for (std::uint64_t i = 0; i < 60000; ++i) position.push_back(i);
    std::rotate(neighbour.begin(), neighbour.begin() + 1, neighbour.end());
    for (const auto& other : {position, neighbour, next_epoch}) {
      CHECK(std::abs(chi_square(order, other) - mean) <= 5 * deviation);
    }
  }
}

}  // namespace
}  // namespace duel::test

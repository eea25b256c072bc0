#include "kernels/optimizers/rmsprop.h"

#include <cmath>

#include "tests/support/catch.h"

namespace duel::test {
namespace {

// v_t = (1 - alpha) sum of alpha^(t - i) g_i², which starts from 0 and is not corrected.
TEST_CASE("rmsprop: five updates worked out by hand") {
  const double g[] = {0.5, -0.25, 1.0, 0.125, -2.0};
  const Rmsprop rmsprop;
  OptimizerProgress progress{};
  double p = 1, state[1] = {0}, expected = 1;
  for (int t = 1; t <= 5; ++t) {
    rmsprop.advance(progress, 0);
    rmsprop.step<double>(progress).update(p, state, g[t - 1]);
    double v = 0;
    for (int i = 1; i <= t; ++i) v += 0.01 * std::pow(0.99, t - i) * g[i - 1] * g[i - 1];
    expected -= 0.01 * g[t - 1] / (std::sqrt(v) + 1e-8);
    INFO("update " << t);
    CHECK(progress.step == t);
    CHECK(std::abs(p - expected) <= 1e-13);
    CHECK(std::abs(state[0] - v) <= 1e-15);
  }
}

TEST_CASE("rmsprop: eps stands beside the root, every setting counts") {
  const Rmsprop rmsprop{.learning_rate = 0.5, .alpha = 0.75, .eps = 3};
  OptimizerProgress progress{};
  double p = 0, state[1] = {0};
  rmsprop.advance(progress, 7);
  rmsprop.step<double>(progress).update(p, state, 8.0);  // v = 64 / 4
  CHECK(state[0] == 16);
  CHECK(std::abs(p + 0.5 * 8 / (4 + 3)) <= 1e-15);
}

}  // namespace
}  // namespace duel::test

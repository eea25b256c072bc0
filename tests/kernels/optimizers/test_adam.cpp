#include "kernels/optimizers/adam.h"

#include <cmath>

#include "tests/support/catch.h"

namespace duel::test {
namespace {

/// The update that follows `progress`.
void update(const Adam& adam, OptimizerProgress& progress, double& p, double (&state)[2], double g) {
  adam.advance(progress, 0);
  adam.step<double>(progress).update(p, state, g);
}

// Every formula written out with the sums it stands for: m_t = (1 - beta1) sum of beta1^(t - i) g_i, v_t likewise, both
// divided by 1 - beta^t.
TEST_CASE("adam: five updates worked out by hand") {
  const double g[] = {0.5, -0.25, 1.0, 0.125, -2.0};
  OptimizerProgress progress{};
  double p = 1, state[2] = {0, 0}, expected = 1;
  for (int t = 1; t <= 5; ++t) {
    update({}, progress, p, state, g[t - 1]);
    double m = 0, v = 0;
    for (int i = 1; i <= t; ++i) {
      m += 0.5 * std::pow(0.5, t - i) * g[i - 1];
      v += 0.001 * std::pow(0.999, t - i) * g[i - 1] * g[i - 1];
    }
    const double m_hat = m / (1 - std::pow(0.5, t)), v_hat = v / (1 - std::pow(0.999, t));
    expected -= 2e-4 * m_hat / (std::sqrt(v_hat) + 1e-8);
    INFO("update " << t);
    CHECK(progress.step == t);
    CHECK(std::abs(p - expected) <= 1e-13);
    CHECK(std::abs(state[0] - m) <= 1e-15);
    CHECK(std::abs(state[1] - v) <= 1e-15);
  }
}

// However large the gradient, the first update moves a parameter by the learning rate.
TEST_CASE("adam: the first update is one learning rate long") {
  for (const double g : {1e-3, 1.0, -1e3}) {
    OptimizerProgress progress{};
    double p = 0.5, state[2] = {0, 0};
    update({}, progress, p, state, g);
    CHECK(std::abs(std::abs(p - 0.5) - 2e-4) <= 1e-8);
  }
}

TEST_CASE("adam: eps stands beside the corrected root") {
  const Adam adam{.learning_rate = 0.5, .beta1 = 0, .beta2 = 0.75, .eps = 3};
  OptimizerProgress progress{};
  double p = 0, state[2] = {0, 0};
  update(adam, progress, p, state, 2);  // m = 2, v_hat = 4
  CHECK(std::abs(p + 0.5 * 2 / (2 + 3)) <= 1e-15);
}

TEST_CASE("adam: bias corrections early and late, as powers") {
  const Adam adam;
  for (const std::int64_t before : {0, 1, 2, 9, 99, 9999, 999999, 100000000}) {
    INFO("after " << before << " updates");
    OptimizerProgress progress{before, {0, 0}};
    adam.advance(progress, 7);
    const auto t = static_cast<double>(before + 1);
    CHECK(progress.step == before + 1);
    CHECK(std::abs(progress.rates[0] / (2e-4 / (1 - std::pow(0.5, t))) - 1) <= 1e-13);
    CHECK(std::abs(progress.rates[1] / std::sqrt(1 - std::pow(0.999, t)) - 1) <= 1e-13);
  }
}

}  // namespace
}  // namespace duel::test

#include "kernels/optimizers/sgd_momentum.h"

#include <cmath>

#include "tests/support/catch.h"

namespace duel::test {
namespace {

/// Rate and momentum of the update that follows `step` updates, in epoch `epoch` from 0.
struct Rates {
  std::int64_t step;
  double rate, momentum;
};
Rates rates(const SgdMomentum& sgd, std::int64_t step, std::uint64_t epoch) {
  OptimizerProgress progress{step, {-1, -1}};
  sgd.advance(progress, epoch);
  return {progress.step, progress.rates[0], progress.rates[1]};
}

// The closed form of the 2014 paper's schedule: 500 updates an epoch.
TEST_CASE("sgd: rates of known updates and epochs") {
  const SgdMomentum paper;
  const auto close = [](double a, double b) { return std::abs(a - b) <= 1e-12; };  // after 125,000 products
  CHECK(close(rates(paper, 0, 0).rate, 0.1));
  CHECK(close(rates(paper, 1, 0).rate, 0.1 / 1.000004));
  CHECK(close(rates(paper, 499, 0).rate, 0.1 * std::exp(-499 * std::log(1.000004))));
  CHECK(close(rates(paper, 124999, 249).rate, 0.1 * std::exp(-124999 * std::log(1.000004))));
  CHECK(rates(paper, 10'000'000, 20000).rate == 1e-6);
  CHECK(close(rates(paper, 0, 0).momentum, 0.5));
  CHECK(close(rates(paper, 500, 1).momentum, 0.5 + 0.2 / 249));
  CHECK(close(rates(paper, 62000, 124).momentum, 0.5 + 0.2 * 124 / 249));
  CHECK(close(rates(paper, 124500, 249).momentum, 0.7));
  CHECK(close(rates(paper, 500000, 1000).momentum, 0.7));
  CHECK(rates(paper, 41, 0).step == 42);
}

TEST_CASE("sgd: schedules at their borders") {
  CHECK(rates({.learning_rate = 1e-7}, 5, 0).rate == 1e-7);  // below the least from the start: stays
  CHECK(rates({.decay = 1}, 1'000'000, 0).rate == 0.1);
  CHECK(rates({.momentum_epochs = 1}, 0, 0).momentum == 0.7);
  CHECK(std::abs(rates({.momentum_epochs = 2}, 0, 0).momentum - 0.5) < 1e-15);
  CHECK(std::abs(rates({.momentum_epochs = 2}, 0, 1).momentum - 0.7) < 1e-15);
  CHECK(rates({.learning_rate = 0}, 3, 0).rate == 0);
}

// v = mu v - rate g; p += v, three times with mu 1/2 and rate 1/4: exact.
TEST_CASE("sgd: three updates worked out by hand") {
  const SgdMomentum sgd{.learning_rate = 0.25, .decay = 1, .initial_momentum = 0.5, .final_momentum = 0.5};
  OptimizerProgress progress{};
  double p = 1, state[1] = {0};
  const double velocities[] = {-0.5, -0.75, -0.875}, parameters[] = {0.5, -0.25, -1.125};
  for (int i = 0; i < 3; ++i) {
    sgd.advance(progress, 0);
    sgd.step<double>(progress).update(p, state, 2.0);
    CHECK(state[0] == velocities[i]);
    CHECK(p == parameters[i]);
  }
}

}  // namespace
}  // namespace duel::test

#include "kernels/sgd_momentum/cases.h"

#include <cmath>
#include <functional>
#include <limits>

#include "kernels/runtime/buffer.h"
#include "kernels/verify/check_op.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

std::string check_sgd(const SgdMomentum<double>& a, const CheckOptions& options = {}) {
  HostTensors copies(1);
  SgdMomentum<double> before = a;  // the reference overwrites what `a` points to
  before.velocity = copies.vector(std::vector<double>(a.velocity.data, a.velocity.data + a.velocity.size()));
  SgdMomentum<float> scalars{};
  scalars.schedule = a.schedule;
  return check_op<SgdMomentum<double>>(
      sgd_momentum_op(), sgd_momentum_reference, a, scalars,
      [&](const SgdMomentum<double>& after) { return sgd_momentum_bounds(before, after); }, options);
}

/// The rates of the update that follows `step` updates, in epoch `epoch` from 0, by the preferred variant.
SgdProgress rates(const SgdSchedule& schedule, std::int64_t step, std::uint64_t epoch) {
  const Stream stream;
  const std::vector<TrainingClock> clock{{9, epoch, 0}};
  const std::vector<SgdProgress> progress{{step, -1, -1}};
  const std::vector<float> zero{0.f};
  const DeviceBuffer<TrainingClock> device_clock(clock, stream);
  const DeviceBuffer<SgdProgress> device_progress(progress, stream);
  const DeviceBuffer<float> parameter(zero, stream), velocity(zero, stream), gradient(zero, stream);
  run(sgd_momentum_op(),
      SgdMomentum<float>{parameter.vector(), velocity.vector(), gradient.vector(), schedule, device_clock.vector(),
                         device_progress.vector()},
      stream);
  return device_progress.download(stream).front();
}

TEST_CASE("sgd: any number of parameters") {
  for (const int count : {1, 2, 3, 4, 5, 31, 32, 33, 127, 128, 129, 1023, 1024, 1025, 16383, 16385, 100001}) {
    INFO("parameters " << count);
    HostTensors host(1);
    CHECK(check_sgd(sgd_case(host, count, 0, {})) == "");
  }
}

TEST_CASE("sgd: every schedule on every number of threads, arrays that begin anywhere") {
  HostTensors host(2);
  CHECK(check_sgd(sgd_case(host, 50000, 3, {}), {.executions = HowMany::all}) == "");
  for (const int misalignment : {1, 2, 3}) {
    CHECK(check_sgd(sgd_case(host, 4099, 0, {}), {.misalignment = misalignment}) == "");
  }
}

// The closed form of the 2014 paper's schedule: 500 updates an epoch.
TEST_CASE("sgd: rates of known updates and epochs") {
  const SgdSchedule paper;
  const auto close = [](double a, double b) { return std::abs(a - b) <= 1e-13; };
  CHECK(close(rates(paper, 0, 0).learning_rate, 0.1));
  CHECK(close(rates(paper, 1, 0).learning_rate, 0.1 / 1.000004));
  CHECK(close(rates(paper, 499, 0).learning_rate, 0.1 * std::exp(-499 * std::log(1.000004))));
  CHECK(close(rates(paper, 124999, 249).learning_rate, 0.1 * std::exp(-124999 * std::log(1.000004))));
  CHECK(rates(paper, 10'000'000, 20000).learning_rate == 1e-6);
  CHECK(close(rates(paper, 0, 0).momentum, 0.5));
  CHECK(close(rates(paper, 500, 1).momentum, 0.5 + 0.2 / 249));
  CHECK(close(rates(paper, 62000, 124).momentum, 0.5 + 0.2 * 124 / 249));
  CHECK(close(rates(paper, 124500, 249).momentum, 0.7));
  CHECK(close(rates(paper, 500000, 1000).momentum, 0.7));
  CHECK(rates(paper, 41, 0).step == 42);
}

TEST_CASE("sgd: schedules at their borders") {
  CHECK(rates({.learning_rate = 1e-7}, 5, 0).learning_rate == 1e-7);  // below the least from the start: stays
  CHECK(rates({.decay = 1}, 1'000'000, 0).learning_rate == 0.1);
  CHECK(rates({.momentum_epochs = 1}, 0, 0).momentum == 0.7);
  CHECK(std::abs(rates({.momentum_epochs = 2}, 0, 0).momentum - 0.5) < 1e-15);
  CHECK(std::abs(rates({.momentum_epochs = 2}, 0, 1).momentum - 0.7) < 1e-15);
  CHECK(rates({.learning_rate = 0}, 3, 0).learning_rate == 0);
}

// v = mu v - rate g; p += v, three times with mu 1/2 and rate 1/4: exact in float.
TEST_CASE("sgd: three updates worked out by hand") {
  const SgdSchedule schedule{.learning_rate = 0.25, .decay = 1, .initial_momentum = 0.5, .final_momentum = 0.5};
  const Stream stream;
  const std::vector<TrainingClock> clock{{0, 0, 0}};
  const std::vector<SgdProgress> progress{{0, 0, 0}};
  const std::vector<float> one{1.f}, zero{0.f}, two{2.f};
  const DeviceBuffer<TrainingClock> device_clock(clock, stream);
  const DeviceBuffer<SgdProgress> device_progress(progress, stream);
  const DeviceBuffer<float> parameter(one, stream), velocity(zero, stream), gradient(two, stream);
  const float velocities[] = {-0.5f, -0.75f, -0.875f}, parameters[] = {0.5f, -0.25f, -1.125f};
  for (int update = 0; update < 3; ++update) {
    run(sgd_momentum_op(),
        SgdMomentum<float>{parameter.vector(), velocity.vector(), gradient.vector(), schedule, device_clock.vector(),
                           device_progress.vector()},
        stream);
    CHECK(velocity.download(stream)[0] == velocities[update]);
    CHECK(parameter.download(stream)[0] == parameters[update]);
  }
}

TEST_CASE("sgd: a NaN gradient spoils its own parameter and no other") {
  HostTensors host(7);
  auto a = sgd_case(host, 33, 0, {});
  const auto gradient = host.uniform(33, -1, 1);
  gradient.data[17] = std::numeric_limits<double>::quiet_NaN();
  a.gradient = gradient;
  CHECK(check_sgd(a) == "");
  CHECK(std::isnan(a.parameter.data[17]));
  CHECK(std::isfinite(a.parameter.data[16]));
}

TEST_CASE("sgd: wrong arguments are refused by name") {
  SgdMomentum<float> valid{};
  valid.parameter = valid.velocity = shape<float>(5);
  valid.gradient = shape<const float>(5);
  valid.clock = shape<const TrainingClock>(1);
  valid.progress = shape<SgdProgress>(1);
  CHECK(check_shapes(sgd_momentum_op(), valid, {.defining = {"parameter"}}) == "");
  const std::vector<std::pair<const char*, std::function<void(SgdSchedule&)>>> wrong = {
      {"learning_rate", [](auto& s) { s.learning_rate = -1; }},
      {"least_rate", [](auto& s) { s.least_rate = -1; }},
      {"decay", [](auto& s) { s.decay = 0.9; }},
      {"momentum", [](auto& s) { s.initial_momentum = 1; }},
      {"momentum", [](auto& s) { s.final_momentum = -0.1; }},
      {"momentum_epochs", [](auto& s) { s.momentum_epochs = 0; }},
  };
  for (const auto& [named, spoil] : wrong) {
    auto spoiled = valid;
    spoil(spoiled.schedule);
    CHECK(check_refusal(sgd_momentum_op(), spoiled, named) == "");
  }
}

}  // namespace
}  // namespace duel::test

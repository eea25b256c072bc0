#include <cmath>
#include <limits>

#include "kernels/ops/moving_average/cases.h"
#include "kernels/verify/check_op.h"
#include "kernels/verify/host_tensors.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

MovingAverage<float> scalars(double decay = 0.999, int interval = 8) {
  MovingAverage<float> a{};
  a.decay = decay;
  a.interval = interval;
  return a;
}

std::string check_average(int count, std::uint64_t iteration, const MovingAverage<float>& settings,
                          const CheckOptions& options = {}) {
  HostTensors host(1), copies(2);
  const MovingAverage<double> a = moving_average_case(host, count, iteration, settings);
  MovingAverage<double> before = a;  // the reference overwrites what `a` points to
  before.average = copies.vector(std::vector<double>(a.average.data, a.average.data + a.average.size()));
  return check_op<MovingAverage<double>>(
      moving_average_op(), moving_average_reference, a, settings,
      [&](const MovingAverage<double>& after) { return moving_average_bounds(before, after); }, options);
}

TEST_CASE("moving average: any number of values, any place to begin") {
  for (const int count : {1, 2, 3, 4, 5, 63, 64, 65, 1023, 1024, 1025, 16383, 16385, 100001}) {
    INFO("values " << count);
    CHECK(check_average(count, 799, scalars()) == "");
  }
  for (const int misalignment : {1, 2, 3}) {
    CHECK(check_average(4099, 799, scalars(), {.misalignment = misalignment}) == "");
  }
  CHECK(check_average(50000, 799, scalars(), {.executions = HowMany::all}) == "");
}

TEST_CASE("moving average: every decay, early and late, and between two moves") {
  for (const double decay : {0.0, 0.5, 0.9, 0.999, 0.99999}) {
    for (const int interval : {1, 3, 8}) {
      for (const std::uint64_t iteration : {0ull, 1ull, 2ull, 7ull, 8ull, 23ull, 100ull, (1ull << 33) + 7}) {
        INFO("decay " << decay << ", interval " << interval << ", iteration " << iteration);
        CHECK(check_average(33, iteration, scalars(decay, interval)) == "");
      }
    }
  }
}

TEST_CASE("moving average: it moves at the end of an interval only") {
  for (std::uint64_t iteration = 0; iteration < 9; ++iteration) {
    HostTensors host(3);
    const auto a = moving_average_case(host, 5, iteration, scalars(0.9, 4));
    const double before = a.average.data[2];
    moving_average_reference(a);
    INFO("iteration " << iteration);
    CHECK((a.average.data[2] != before) == (iteration == 3 || iteration == 7));
  }
}

// average_t = sum over i of (1 - decay) decay^(t - i) value_i, written out; late enough that the decay is the given
// one.
TEST_CASE("moving average: three moves worked out by hand") {
  HostTensors host(4);
  auto a = moving_average_case(host, 1, 1000000, scalars(0.75, 1));
  a.average.data[0] = 1;
  const auto value = host.vector(1);
  const auto clock = host.vector<TrainingClock>({{1000000, 0, 0}});
  a.value = value;
  a.clock = clock;
  for (const double x : {4.0, -8.0, 2.0}) {
    value.data[0] = x;
    moving_average_reference(a);
    ++clock.data[0].iteration;
  }
  const double expected = std::pow(0.75, 3) * 1 + 0.25 * (0.75 * 0.75 * 4 + 0.75 * -8 + 2);
  CHECK(std::abs(a.average.data[0] - expected) < 1e-14);
}

TEST_CASE("moving average: nine tenths of the first value replace the initial weights") {
  HostTensors host(5);
  auto a = moving_average_case(host, 1, 0, scalars(0.999, 1));
  const double before = a.average.data[0];
  moving_average_reference(a);
  CHECK(std::abs(a.average.data[0] - (0.9 * a.value.data[0] + 0.1 * before)) < 1e-14);
}

TEST_CASE("moving average: wrong arguments are refused by name") {
  auto valid = scalars();
  valid.average = shape<float>(7);
  valid.value = shape<const float>(7);
  valid.clock = shape<const TrainingClock>(1);
  CHECK(check_shapes(moving_average_op(), valid, {.defining = {"average"}}) == "");
  for (const double decay : {-0.1, 1.0, std::numeric_limits<double>::quiet_NaN()}) {
    auto wrong = valid;
    wrong.decay = decay;
    CHECK(check_refusal(moving_average_op(), wrong, "decay") == "");
  }
  auto wrong = valid;
  wrong.interval = 0;
  CHECK(check_refusal(moving_average_op(), wrong, "interval") == "");
}

}  // namespace
}  // namespace duel::test

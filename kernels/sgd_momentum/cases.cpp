#include "kernels/sgd_momentum/cases.h"

#include <cmath>
#include <string>

namespace duel {

bool agrees(const SgdProgress& actual, const SgdProgress& expected) {
  const auto close = [](double a, double b) { return std::isfinite(a) && std::abs(a - b) <= 1e-13 * std::abs(b); };
  return actual.step == expected.step && close(actual.learning_rate, expected.learning_rate) &&
         close(actual.momentum, expected.momentum);
}

namespace verify {
namespace {

using Update = SgdMomentum<float>;

std::vector<Case<Update>> cases() {
  std::vector<Case<Update>> result;
  const auto add = [&](int count, const std::string& note, int misalignment, bool of_training) {
    Update a{};
    a.parameter = a.velocity = shape<float>(count);
    a.gradient = shape<const float>(count);
    a.clock = shape<const TrainingClock>(1);
    a.progress = shape<SgdProgress>(1);
    result.push_back({std::to_string(count) + note, a, misalignment, of_training});
  };
  add(2503984, " (the 2014 paper's generator)", 0, true);
  add(1231441, " (the 2014 paper's discriminator)", 0, true);
  for (const int count : {1, 2, 3, 4, 5, 31, 32, 33, 127, 128, 129, 1023, 1024, 1025, 16383, 16385, 100001}) {
    add(count, "", 0, false);
  }
  for (const int misalignment : {1, 2, 3}) {
    add(4099, ", " + std::to_string(misalignment) + " elements off", misalignment, false);
  }
  return result;
}

}  // namespace

SgdMomentum<double> sgd_case(HostTensors& host, int count, std::int64_t step, const SgdSchedule& schedule) {
  SgdMomentum<double> a{};
  a.schedule = schedule;
  a.parameter = host.uniform(count, -1, 1);
  a.velocity = host.uniform(count, -1e-2, 1e-2);
  a.gradient = host.uniform(count, -1e-1, 1e-1);
  a.clock = host.vector<TrainingClock>({{5, 100, 0}});
  a.progress = host.vector<SgdProgress>({{step, 0, 0}});
  return a;
}

// Either term of v has its rate and its product rounded, then the difference is; the sum with p once more.
Bounds sgd_momentum_bounds(const SgdMomentum<double>& before, const SgdMomentum<double>& after) {
  constexpr double kSmallestNormal = 0x1p-126;
  const SgdProgress& progress = after.progress.data[0];
  std::vector<double> v, p;
  for (std::size_t i = 0; i < before.parameter.size(); ++i) {
    const double terms = progress.momentum * std::abs(before.velocity.data[i]) +
                         progress.learning_rate * std::abs(before.gradient.data[i]);
    v.push_back(3 * kRounding * terms + kSmallestNormal);
    p.push_back(v.back() + kRounding * (std::abs(after.parameter.data[i]) + v.back()));
  }
  Bounds bounds;
  bounds.set("velocity", std::move(v));
  bounds.set("parameter", std::move(p));
  return bounds;
}

OpCases<SgdMomentum<double>, SgdMomentum<float>> sgd_momentum_cases() {
  return {sgd_momentum_op(),
          sgd_momentum_reference,
          [](HostTensors& host, const Update& a) { return sgd_case(host, a.parameter.rows, 3, a.schedule); },
          sgd_momentum_bounds,
          [](const Update& a) { return 4.0 * a.parameter.rows; },
          cases};
}

}  // namespace verify
}  // namespace duel

#include "kernels/adam/cases.h"

#include <cmath>
#include <string>

namespace duel {

bool agrees(const AdamProgress& actual, const AdamProgress& expected) {
  const auto close = [](double a, double b) { return std::isfinite(a) && std::abs(a - b) <= 1e-13 * std::abs(b); };
  return actual.step == expected.step && close(actual.step_size, expected.step_size) &&
         close(actual.root_of_correction2, expected.root_of_correction2);
}

namespace verify {
namespace {

using Update = AdamUpdate<float>;

AdamUpdate<double> make(HostTensors& host, const Update& shapes) {
  return adam_case(host, shapes.parameter.rows, 3, shapes);
}

Update update_shapes(int count) {
  Update a{};
  a.parameter = a.first_moment = a.second_moment = shape<float>(count);
  a.gradient = shape<const float>(count);
  a.learning_rate = 2e-4;
  a.beta1 = 0.5;
  a.beta2 = 0.999;
  a.eps = 1e-8;
  a.progress = shape<AdamProgress>(1);
  return a;
}

std::vector<Case<Update>> cases() {
  std::vector<Case<Update>> result;
  const auto add = [&](int count, const std::string& note, int misalignment, bool of_training) {
    result.push_back({std::to_string(count) + note, update_shapes(count), misalignment, of_training});
  };
  add(1510032, " (the published generator)", 0, true);
  add(533505, " (the published discriminator)", 0, true);
  for (const int count : {1, 2, 3, 4, 5, 31, 32, 33, 127, 128, 129, 1023, 1024, 1025, 16383, 16385, 100001}) {
    add(count, "", 0, false);
  }
  for (const int misalignment : {1, 2, 3}) {
    add(4099, ", " + std::to_string(misalignment) + " elements off", misalignment, false);
  }
  return result;
}

}  // namespace

AdamUpdate<double> adam_case(HostTensors& host, int count, std::int64_t step, const AdamUpdate<float>& scalars) {
  AdamUpdate<double> a{};
  a.learning_rate = scalars.learning_rate;
  a.beta1 = scalars.beta1;
  a.beta2 = scalars.beta2;
  a.eps = scalars.eps;
  a.parameter = host.uniform(count, -1, 1);
  a.first_moment = host.uniform(count, -1e-3, 1e-3);
  a.second_moment = host.uniform(count, 0, 1e-6);
  a.gradient = host.uniform(count, -1e-3, 1e-3);
  a.progress = host.vector<AdamProgress>({{step, 0, 0}});
  return a;
}

// Each of the two terms of m and of v takes three roundings at most (beta itself, the square, the product, the sum).
// The quotient takes its m, the root of v, a division, a sum and a division, the step size a further product; then p
// is rounded. Denormal values of v count as lost, which matters only below eps².
Bounds adam_bounds(const AdamUpdate<double>& before, const AdamUpdate<double>& after) {
  constexpr double kSmallestNormal = 0x1p-126;
  std::vector<double> m, v, p;
  for (std::size_t i = 0; i < before.parameter.size(); ++i) {
    const double g = before.gradient.data[i];
    const double m_terms = std::abs(before.beta1 * before.first_moment.data[i]) + std::abs((1 - before.beta1) * g);
    m.push_back(3 * kRounding * m_terms + kSmallestNormal);
    v.push_back(4 * kRounding * after.second_moment.data[i] + kSmallestNormal);
    const double root = after.progress.data[0].root_of_correction2;
    const double denominator = std::sqrt(after.second_moment.data[i]) / root + before.eps;
    const double step_size = after.progress.data[0].step_size;
    const double update = step_size * std::abs(after.first_moment.data[i]) / denominator;
    const double lost = std::sqrt(kSmallestNormal) / root / denominator;  // of the denominator, relative
    p.push_back(step_size * m.back() / denominator + update * (8 * kRounding + lost) +
                2 * kRounding * std::abs(after.parameter.data[i]));
  }
  Bounds bounds;
  bounds.set("first_moment", std::move(m));
  bounds.set("second_moment", std::move(v));
  bounds.set("parameter", std::move(p));
  return bounds;
}

OpCases<AdamUpdate<double>, AdamUpdate<float>> adam_cases() {
  return {adam_op(), adam_reference, make, adam_bounds, [](const Update& a) { return 12.0 * a.parameter.rows; }, cases};
}

}  // namespace verify
}  // namespace duel

#include "engine/convergence.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace duel {
namespace {

template <class Function>
double mean(std::span<const float> values, const Function& f) {
  double sum = 0;
  for (const float value : values) sum += f(static_cast<double>(value));
  return sum / static_cast<double>(values.size());
}

double bounded_log(double x) {
  return std::max(std::log(x), -100.0);
}

/// 1 above 1/2, 0 below.
double above_half(double p) {
  return p > 0.5 ? 1 : p < 0.5 ? 0 : 0.5;
}

}  // namespace

Convergence convergence_of(std::span<const float> real, std::span<const float> generated) {
  if (real.empty() || generated.empty()) throw std::invalid_argument("convergence: expected real and generated images");
  const auto count = static_cast<double>(real.size() + generated.size());
  const double right = mean(real, above_half) * static_cast<double>(real.size()) +
                       (1 - mean(generated, above_half)) * static_cast<double>(generated.size());
  return {.d_real = mean(real, [](double p) { return p; }),
          .d_fake = mean(generated, [](double p) { return p; }),
          .value = mean(real, bounded_log) + mean(generated, [](double p) { return bounded_log(1 - p); }),
          .accuracy = right / count};
}

double relative_change(std::span<const float> before, std::span<const float> after) {
  if (before.size() != after.size())
    throw std::invalid_argument("relative_change: expected as many values after as before");
  double change = 0, size = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double b = before[i], difference = after[i] - b;
    change += difference * difference;
    size += b * b;
  }
  return change == 0 ? 0 : std::sqrt(change / size);
}

}  // namespace duel

#include "engine/training/convergence.h"

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

double middle_of(double a, double b) {
  return (a + b) / 2;
}

}  // namespace

Convergence convergence_of(LossKind kind, std::span<const float> real, std::span<const float> generated) {
  if (real.empty() || generated.empty()) throw std::invalid_argument("convergence: expected real and generated images");
  const auto count = static_cast<double>(real.size() + generated.size());
  return with_loss(kind, [&](auto loss) {
    const auto judgement = [&](double score) { return loss.judgement(score); };
    const double d_real = mean(real, judgement), d_fake = mean(generated, judgement);
    const LossGoals goals = facts_of(kind).goals;
    const double middle =
        std::isfinite(goals.real) ? middle_of(goals.real, goals.generated) : middle_of(d_real, d_fake);
    const auto is_above = [&](double score) {
      return judgement(score) > middle ? 1 : judgement(score) < middle ? 0 : 0.5;
    };
    const auto of_real = [&](double score) { return loss.real(score, loss.judgement(score), 1.0).value; };
    const auto of_generated = [&](double score) { return loss.generated(score, loss.judgement(score)).value; };
    const double right = mean(real, is_above) * static_cast<double>(real.size()) +
                         (1 - mean(generated, is_above)) * static_cast<double>(generated.size());
    return Convergence{.d_real = d_real,
                       .d_fake = d_fake,
                       .value = -mean(real, of_real) - mean(generated, of_generated),
                       .accuracy = right / count};
  });
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

#include "engine/measure/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace duel {

double quantile(const std::vector<double>& sorted, double fraction) {
  const double place = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Summary summarize(std::vector<double> samples) {
  if (samples.empty()) throw std::invalid_argument("expected at least one sample");
  for (const double sample : samples) {
    if (!std::isfinite(sample)) throw std::invalid_argument("expected finite samples");
  }
  std::sort(samples.begin(), samples.end());
  return {samples.size(),         samples.front(),         quantile(samples, 0.25),
          quantile(samples, 0.5), quantile(samples, 0.75), samples.back()};
}

double relative_spread(const Summary& summary) {
  if (!(summary.median > 0)) return std::numeric_limits<double>::infinity();
  return (summary.third_quartile - summary.first_quartile) / summary.median;
}

double relative_noise(const Summary& summary) {
  constexpr double kErrorOfMedian = 1.2533 / 1.349;
  return kErrorOfMedian * relative_spread(summary) / std::sqrt(static_cast<double>(summary.count));
}

bool is_settled(const std::vector<double>& samples, double target, std::size_t least_samples) {
  return !samples.empty() && samples.size() >= least_samples && relative_noise(summarize(samples)) <= target;
}

std::vector<double> ratios_of(const std::vector<double>& numerators, const std::vector<double>& denominators) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < std::min(numerators.size(), denominators.size()); ++i) {
    ratios.push_back(numerators[i] / denominators[i]);
  }
  return ratios;
}

}  // namespace duel

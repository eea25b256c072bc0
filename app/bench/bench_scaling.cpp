#include "app/bench/bench_scaling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace duel::app {
namespace {

std::size_t place_of(const std::vector<int>& values, int value) {
  return static_cast<std::size_t>(std::find(values.begin(), values.end(), value) - values.begin());
}

Scaling scaling_of_step(StepKind step, const std::vector<Measurement>& measurements) {
  std::set<int> batches, widths;
  for (const Measurement& one : measurements) {
    if (one.shape.step != step) continue;
    batches.insert(one.shape.batch_size);
    widths.insert(one.shape.width);
  }
  Scaling scaling{step, {batches.begin(), batches.end()}, {widths.begin(), widths.end()}, {}, {}, {}};
  scaling.seconds.assign(batches.size() * widths.size(), std::numeric_limits<double>::quiet_NaN());
  for (const Measurement& one : measurements) {
    if (one.shape.step != step) continue;
    scaling.seconds[place_of(scaling.batch_sizes, one.shape.batch_size) * widths.size() +
                    place_of(scaling.widths, one.shape.width)] = one.summary().median;
  }
  return scaling;
}

/// Over what was measured: `time(i)` belongs to sizes[i].
template <class Time>
std::optional<double> exponent_over(const std::vector<int>& sizes, const Time& time) {
  std::vector<double> x, y;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (std::isnan(time(i))) continue;
    x.push_back(sizes[i]);
    y.push_back(time(i));
  }
  return fitted_exponent(x, y);
}

}  // namespace

std::optional<double> fitted_exponent(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean_x += std::log(x[i]) / n;
    mean_y += std::log(y[i]) / n;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = std::log(x[i]) - mean_x;
    xx += dx * dx;
    xy += dx * (std::log(y[i]) - mean_y);
  }
  if (!(xx > 1e-12)) return std::nullopt;
  return xy / xx;
}

std::vector<Scaling> scaling_of(const std::vector<Measurement>& measurements) {
  std::vector<Scaling> all;
  for (const Measurement& one : measurements) {
    const StepKind step = one.shape.step;
    if (std::any_of(all.begin(), all.end(), [&](const Scaling& other) { return other.step == step; })) continue;
    Scaling scaling = scaling_of_step(step, measurements);
    for (std::size_t b = 0; b < scaling.batch_sizes.size(); ++b) {
      scaling.width_exponents.push_back(exponent_over(scaling.widths, [&](std::size_t w) { return scaling.at(b, w); }));
    }
    for (std::size_t w = 0; w < scaling.widths.size(); ++w) {
      scaling.batch_exponents.push_back(
          exponent_over(scaling.batch_sizes, [&](std::size_t b) { return scaling.at(b, w); }));
    }
    all.push_back(std::move(scaling));
  }
  return all;
}

}  // namespace duel::app

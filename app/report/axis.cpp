#include "app/report/axis.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>

namespace duel::app {
namespace {

constexpr double kMostSteps = 8;    // between linear ticks
constexpr double kMargin = 0.05;    // of the range, at both ends
constexpr int kMostDecades = 6;     // with a tick each
constexpr double kRounding = 1e-9;  // of a step

std::vector<double> linear_ticks(double low, double high) {
  const double least = (high - low) / kMostSteps;
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.0, 1.0}) {
    if (factor * power >= least * (1 - kRounding)) step = factor * power;
  }
  std::vector<double> ticks;
  const double first = std::ceil(low / step - kRounding), last = std::floor(high / step + kRounding);
  for (double k = first; k <= last; ++k) ticks.push_back(k == 0 ? 0 : k * step);
  return ticks;
}

std::vector<double> logarithmic_ticks(double low, double high) {
  const int first = static_cast<int>(std::floor(std::log10(low))), last = static_cast<int>(std::ceil(std::log10(high)));
  const int stride = (last - first) / kMostDecades + 1;
  const bool is_narrow = last - first <= 2;
  std::vector<double> ticks;
  for (int decade = first; decade <= last; decade += stride) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * std::pow(10.0, decade);
      if ((factor == 1 || is_narrow) && tick >= low * (1 - kRounding) && tick <= high * (1 + kRounding)) {
        ticks.push_back(tick);
      }
    }
  }
  return ticks;
}

/// Without a fraction that is zero.
std::string short_number(double value, const char* unit) {
  return fmt::format("{:.4g}{}", value, unit);
}

}  // namespace

double Axis::position(double value) const {
  if (scale == Scale::linear) return (value - low) / (high - low);
  return std::log(value / low) / std::log(high / low);
}

Axis axis_between(double low, double high, Scale scale) {
  return {scale, low, high, scale == Scale::linear ? linear_ticks(low, high) : logarithmic_ticks(low, high)};
}

Axis axis_around(double low, double high, Scale scale) {
  const bool is_usable =
      std::isfinite(low) && std::isfinite(high) && low <= high && (scale == Scale::linear || low > 0);
  if (!is_usable) return axis_between(scale == Scale::linear ? 0 : 0.1, scale == Scale::linear ? 2 : 10, scale);
  if (scale == Scale::logarithmic) {
    const double factor = std::max(std::pow(high / low, kMargin), 1.1);
    return axis_between(low / factor, high * factor, scale);
  }
  const double space = std::max(kMargin * (high - low), 1e-3 * std::max(std::abs(high), 1e-6));
  return axis_between(low - space, high + space, scale);
}

std::string tick_text(double value) {
  const double size = std::abs(value);
  if (size >= 1e6) return short_number(value / 1e6, "M");
  if (size >= 1e4) return short_number(value / 1e3, "k");
  return short_number(value, "");
}

}  // namespace duel::app

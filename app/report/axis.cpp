#include "app/report/axis.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace duel::app {
namespace {

constexpr double kMostSteps = 8;                                // between linear ticks
constexpr double kAxisMargin = 0.05;                            // of the range, at both ends
constexpr int kMostDecades = 6;                                 // with a tick each
constexpr double kRounding = 1e-9;                              // of a step
constexpr double kLeastDecimal = 1e-4, kLeastScientific = 1e9;  // beyond these, ticks are powers of ten

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

/// 10 to that power: "10⁻⁵".
std::string power_of_ten(int exponent) {
  static constexpr const char* kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(exponent))) text += kDigits[digit - '0'];
  return text;
}

/// "2·10⁻⁵", of a value that is not 0.
std::string scientific(double value) {
  const int exponent = static_cast<int>(std::floor(std::log10(std::abs(value)) + kRounding));
  const std::string factor = fmt::format("{:.4g}", std::abs(value) / std::pow(10.0, exponent));
  return (value < 0 ? "−" : "") + (factor == "1" ? "" : factor + "·") + power_of_ten(exponent);
}

/// With so many decimals, a comma between thousands, and the unit after it.
std::string decimal_number(double value, int decimals, const char* unit) {
  std::string digits = fmt::format("{:.{}f}", std::abs(value), decimals);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  if (point > 3) digits.insert(point - 3, ",");
  return (value < 0 ? "−" : "") + digits + unit;
}

/// The fewest decimals with which all of the values are said.
int decimals_of(const std::vector<double>& values, double unit) {
  constexpr int kMost = 9;
  int decimals = 0;
  const auto is_said = [&](double value) {
    const double scaled = value / unit * std::pow(10.0, decimals);
    return std::abs(scaled - std::round(scaled)) < 1e-6;
  };
  while (decimals < kMost && !std::all_of(values.begin(), values.end(), is_said)) ++decimals;
  return decimals;
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
    const double factor = std::max(std::pow(high / low, kAxisMargin), 1.1);
    return axis_between(low / factor, high * factor, scale);
  }
  const double space = std::max(kAxisMargin * (high - low), 1e-3 * std::max(std::abs(high), 1e-6));
  return axis_between(low - space, high + space, scale);
}

std::vector<std::string> tick_texts(const Axis& axis) {
  std::vector<std::string> texts;
  if (axis.ticks.empty()) return texts;
  const std::vector<double>& ticks = axis.ticks;
  const double largest = std::max(std::abs(ticks.front()), std::abs(ticks.back()));
  const bool is_linear = axis.scale == Scale::linear;
  const double least = !is_linear || ticks.size() < 2 ? std::abs(ticks.front()) : ticks[1] - ticks[0];
  if (largest >= kLeastScientific || least < kLeastDecimal) {
    for (const double tick : ticks) texts.push_back(tick == 0 ? "0" : scientific(tick));
    return texts;
  }
  const auto [unit, name] = largest >= 1e6   ? std::pair{1e6, "M"}
                            : largest >= 1e4 ? std::pair{1e3, "k"}
                                             : std::pair{1.0, ""};
  const int decimals = decimals_of(ticks, unit);
  for (const double tick : ticks) {
    texts.push_back(tick == 0 ? "0"
                              : decimal_number(tick / unit, is_linear ? decimals : decimals_of({tick}, unit), name));
  }
  return texts;
}

}  // namespace duel::app

// Axes of charts: ranges, round ticks and their labels.
#pragma once

#include <string>
#include <vector>

namespace duel::app {

enum class Scale { linear, logarithmic };

struct Axis {
  Scale scale = Scale::linear;
  double low = 0, high = 1;   ///< low < high; both > 0 where logarithmic
  std::vector<double> ticks;  ///< round values from low to high, about 3 to 7

  /// Where `value` lies: 0 at low, 1 at high, beyond outside; not finite where the scale has no such value.
  double position(double value) const;
};

/// An axis from low to high exactly, with ticks.
Axis axis_between(double low, double high, Scale scale);
/// An axis that shows low to high with some space at both ends; low == high has space too. Values that are not finite,
/// or not above 0 on a logarithmic axis, count as some range around 1.
Axis axis_around(double low, double high, Scale scale);

/// The labels of the ticks, all in one style: as many decimals ("0", "0.25", "0.50"), one unit ("0", "5k", "10k"), or
/// powers of ten ("10⁻⁵", "2·10⁻⁵") where decimals would be long. A logarithmic axis has as many decimals as each
/// needs.
std::vector<std::string> tick_texts(const Axis& axis);

}  // namespace duel::app

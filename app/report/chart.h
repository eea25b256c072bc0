// Charts over iterations, as SVG.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "app/report/axis.h"
#include "app/report/buckets.h"
#include "app/report/log_table.h"

namespace duel::app {

struct Curve {
  std::string name;
  std::string colour;           ///< of CSS
  std::vector<Bucket> buckets;  ///< by ascending x
};

/// A dashed line across a chart: what an equilibrium would show.
struct ChartLevel {
  double value = 0;
  std::string name;
};

struct Chart {
  std::string title, explanation;
  std::string unit;  ///< along the vertical axis
  Scale scale = Scale::linear;
  std::optional<std::pair<double, double>> range;  ///< of the vertical axis; absent: what curves and levels need
  std::vector<Curve> curves;
  std::vector<ChartLevel> levels;
};

/// Shares of a whole, one above the other.
struct ShareChart {
  std::string title, explanation;
  std::vector<Curve> shares;  ///< the lowest first; all with buckets at the same x
};

/// A figure of HTML: title, legend with the last values, the drawing, the explanation. The horizontal axis is
/// iterations from 0 to `last`; alarms are marked. Curves show means of buckets, and behind them from lowest to highest
/// value; they break where a bucket has no number. The vertical range follows the means, so that one outlier hides
/// nothing.
std::string chart_html(const Chart& chart, double last, std::span<const Alarm> alarms);
std::string chart_html(const ShareChart& chart, double last, std::span<const Alarm> alarms);

}  // namespace duel::app

// The frame that all charts share: axes, ticks, alarms.
#pragma once

#include <span>
#include <string>

#include "app/report/axis.h"
#include "app/report/log_table.h"

namespace duel::app {

/// Where a chart is drawn, in the units of its SVG; y grows downward.
class PlotArea {
 public:
  PlotArea(Axis horizontal, Axis vertical, std::string unit);

  double x(double value) const;
  double y(double value) const;
  double right() const;

  /// The whole SVG: alarms, grid and labels around `curves`, which are cut at the frame; `margin` is not. `title` is
  /// what a reader that cannot show it says.
  std::string svg(const std::string& title, const std::string& curves, const std::string& margin,
                  std::span<const Alarm> alarms) const;

 private:
  /// Both axes for the script that shows values: from, to, and where these lie.
  std::string scales() const;
  std::string grid() const;
  std::string marks(std::span<const Alarm> alarms) const;

  Axis horizontal_, vertical_;
  std::string unit_;
};

/// "x,y" of a drawing, with a blank after it.
std::string point_text(double x, double y);

}  // namespace duel::app

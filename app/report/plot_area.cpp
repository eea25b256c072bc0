#include "app/report/plot_area.h"

#include <algorithm>
#include <utility>

#include "app/report/html.h"

namespace duel::app {
namespace {

constexpr double kWidth = 560, kHeight = 300;
constexpr double kLeft = 66, kRight = 502, kTop = 14, kBottom = 258;  // the frame

std::string line(const char* style, double x1, double y1, double x2, double y2) {
  return std::string("<line class=\"") + style + "\" x1=\"" + coordinate(x1) + "\" y1=\"" + coordinate(y1) +
         "\" x2=\"" + coordinate(x2) + "\" y2=\"" + coordinate(y2) + "\"/>";
}

std::string label(const char* style, double x, double y, const std::string& text) {
  return std::string("<text class=\"") + style + "\" x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\">" +
         escape_html(text) + "</text>";
}

std::string frame_attributes() {
  return "x=\"" + coordinate(kLeft) + "\" y=\"" + coordinate(kTop) + "\" width=\"" + coordinate(kRight - kLeft) +
         "\" height=\"" + coordinate(kBottom - kTop) + "\"";
}

}  // namespace

PlotArea::PlotArea(Axis horizontal, Axis vertical, std::string unit)
    : horizontal_(std::move(horizontal)), vertical_(std::move(vertical)), unit_(std::move(unit)) {}

double PlotArea::x(double value) const {
  return kLeft + (kRight - kLeft) * horizontal_.position(value);
}

double PlotArea::y(double value) const {
  // Far outside is as good as at infinity, and short to write.
  return kBottom - (kBottom - kTop) * std::clamp(vertical_.position(value), -1.0, 2.0);
}

double PlotArea::right() const {
  return kRight;
}

std::string PlotArea::grid() const {
  std::string text;
  for (const double tick : vertical_.ticks) {
    text += line("grid", kLeft, y(tick), kRight, y(tick)) + label("tick-y", kLeft - 7, y(tick) + 4, tick_text(tick));
  }
  for (const double tick : horizontal_.ticks) {
    text +=
        line("tick", x(tick), kBottom, x(tick), kBottom + 4) + label("tick-x", x(tick), kBottom + 18, tick_text(tick));
  }
  text += line("axis", kLeft, kBottom, kRight, kBottom);
  text += label("tick-x", (kLeft + kRight) / 2, kHeight - 4, "iteration");
  const double middle = (kTop + kBottom) / 2;
  return text + "<text class=\"unit\" transform=\"translate(11," + coordinate(middle) + ") rotate(-90)\">" +
         escape_html(unit_) + "</text>";
}

std::string PlotArea::marks(std::span<const Alarm> alarms) const {
  std::string text;
  for (const Alarm& alarm : alarms) {
    const double left = x(alarm.first), width = std::max(x(alarm.last) - left, 1.5);
    text += "<g><title>" + escape_html("iteration " + tick_text(alarm.first) + ": " + alarm.text) +
            "</title><rect class=\"alarm\" x=\"" + coordinate(left) + "\" y=\"" + coordinate(kTop) + "\" width=\"" +
            coordinate(width) + "\" height=\"" + coordinate(kBottom - kTop) + "\"/>" +
            "<path class=\"alarm-mark\" d=\"M" + point_text(left - 5, kTop - 9) + "h10 L" + point_text(left, kTop) +
            "Z\"/></g>";
  }
  return text;
}

std::string PlotArea::svg(const std::string& title, const std::string& curves, const std::string& margin,
                          std::span<const Alarm> alarms) const {
  // A nested svg cuts what it shows at its own frame; its viewBox keeps the coordinates of the outer one.
  const std::string view =
      coordinate(kLeft) + " " + coordinate(kTop) + " " + coordinate(kRight - kLeft) + " " + coordinate(kBottom - kTop);
  return "<svg viewBox=\"0 0 " + coordinate(kWidth) + " " + coordinate(kHeight) + "\" role=\"img\" aria-label=\"" +
         escape_html(title) + "\">" + grid() + "<svg " + frame_attributes() + " viewBox=\"" + view + "\">" + curves +
         "</svg>" + margin + marks(alarms) + "</svg>";
}

std::string point_text(double x, double y) {
  return coordinate(x) + "," + coordinate(y) + " ";
}

}  // namespace duel::app

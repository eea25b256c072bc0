#include "app/report/plot_area.h"

#include <fmt/core.h>
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
  const std::vector<std::string> rows = tick_texts(vertical_), columns = tick_texts(horizontal_);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double at = y(vertical_.ticks[i]);
    text += line("grid", kLeft, at, kRight, at) + label("tick-y", kLeft - 7, at + 4, rows[i]);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const double at = x(horizontal_.ticks[i]);
    text += line("tick", at, kBottom, at, kBottom + 4) +
            label(i % 2 == 0 ? "tick-x" : "tick-x odd", at, kBottom + 18, columns[i]);
  }
  text += line("axis", kLeft, kBottom, kRight, kBottom);
  text += label("tick-x when", (kLeft + kRight) / 2, kHeight - 4, "iteration");
  const double middle = (kTop + kBottom) / 2;
  return text + "<text class=\"unit\" transform=\"translate(11," + coordinate(middle) + ") rotate(-90)\">" +
         escape_html(unit_) + "</text>";
}

std::string PlotArea::marks(std::span<const Alarm> alarms) const {
  std::string text;
  for (const Alarm& alarm : alarms) {
    const double left = x(alarm.first), width = std::max(x(alarm.last) - left, 1.5);
    text += "<g><title>" + escape_html("iteration " + whole_number(alarm.first) + ": " + alarm.text) +
            "</title><rect class=\"alarm\" x=\"" + coordinate(left) + "\" y=\"" + coordinate(kTop) + "\" width=\"" +
            coordinate(width) + "\" height=\"" + coordinate(kBottom - kTop) + "\"/>" +
            "<path class=\"alarm-mark\" d=\"M" + point_text(left - 5, kTop - 9) + "h10 L" + point_text(left, kTop) +
            "Z\"/></g>";
  }
  return text;
}

std::string PlotArea::scales() const {
  const auto axis = [](const char* name, const Axis& of, double first, double last) {
    return fmt::format(" data-{}=\"{:.9g} {:.9g} {} {}\"", name, of.low, of.high, first, last);
  };
  return axis("x", horizontal_, kLeft, kRight) + axis("y", vertical_, kBottom, kTop) +
         (vertical_.scale == Scale::logarithmic ? " data-log=\"1\"" : "");
}

std::string PlotArea::svg(const std::string& title, const std::string& curves, const std::string& margin,
                          std::span<const Alarm> alarms) const {
  // A nested svg cuts what it shows at its own frame; its viewBox keeps the coordinates of the outer one.
  const std::string view =
      coordinate(kLeft) + " " + coordinate(kTop) + " " + coordinate(kRight - kLeft) + " " + coordinate(kBottom - kTop);
  return "<svg viewBox=\"0 0 " + coordinate(kWidth) + " " + coordinate(kHeight) + "\" role=\"img\" aria-label=\"" +
         escape_html(title) + "\" tabindex=\"0\"" + scales() + ">" + grid() + "<svg " + frame_attributes() +
         " viewBox=\"" + view + "\">" + curves + "</svg>" + margin + marks(alarms) + "</svg>";
}

std::string point_text(double x, double y) {
  return coordinate(x) + "," + coordinate(y) + " ";
}

}  // namespace duel::app

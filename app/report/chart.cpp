#include "app/report/chart.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>
#include <limits>

#include "app/report/html.h"
#include "app/report/plot_area.h"

namespace duel::app {
namespace {

constexpr double kNameHeight = 17;     // of a level's name, as large as a phone shows it
constexpr std::size_t kMostDots = 40;  // a curve of so few points shows each of them

/// Whether the scale of the chart has a place for this bucket.
bool is_visible(const Bucket& bucket, Scale scale) {
  return std::isfinite(bucket.mean) && (scale == Scale::linear || (bucket.mean > 0 && bucket.low > 0));
}

/// Calls take(first, last) for every run of visible buckets.
template <class Take>
void for_each_run(const std::vector<Bucket>& buckets, Scale scale, const Take& take) {
  for (auto first = buckets.begin(); first != buckets.end();) {
    first = std::find_if(first, buckets.end(), [scale](const Bucket& one) { return is_visible(one, scale); });
    const auto last =
        std::find_if(first, buckets.end(), [scale](const Bucket& one) { return !is_visible(one, scale); });
    if (first != last) take(std::span(first, last));
    first = last;
  }
}

std::string band_path(std::span<const Bucket> run, const PlotArea& area) {
  std::string upper, lower;
  for (const Bucket& bucket : run) upper += point_text(area.x(bucket.x), area.y(bucket.high));
  for (auto bucket = run.rbegin(); bucket != run.rend(); ++bucket) {
    lower += point_text(area.x(bucket->x), area.y(bucket->low));
  }
  return "M" + upper + "L" + lower + "Z";
}

/// The values of a curve, for the script that shows them.
std::string values_of(const Curve& curve, std::size_t index) {
  std::string x, y;
  for (const Bucket& bucket : curve.buckets) {
    x += fmt::format("{:.6g} ", bucket.x);
    y += std::isfinite(bucket.mean) ? fmt::format("{:.4g} ", bucket.mean) : "- ";
  }
  return fmt::format(" data-curve=\"{}\" data-xs=\"{}\" data-ys=\"{}\"", index, x, y);
}

std::string draw(const Curve& curve, std::size_t index, Scale scale, const PlotArea& area) {
  std::string bands, lines, dots;
  for_each_run(curve.buckets, scale, [&](std::span<const Bucket> run) {
    if (run.size() > 1) bands += band_path(run, area);
    lines += "M";
    for (const Bucket& bucket : run) {
      const std::string point = point_text(area.x(bucket.x), area.y(bucket.mean));
      lines += point;
      if (curve.buckets.size() > kMostDots && run.size() > 1) continue;
      dots += "<circle cx=\"" + coordinate(area.x(bucket.x)) + "\" cy=\"" + coordinate(area.y(bucket.mean)) +
              "\" r=\"2.4\" style=\"fill:" + curve.colour + "\"/>";
    }
  });
  if (lines.empty()) return "";
  const std::string band =
      bands.empty() ? "" : "<path class=\"band\" style=\"fill:" + curve.colour + "\" d=\"" + bands + "\"/>";
  return band + "<path class=\"curve\" style=\"stroke:" + curve.colour + "\"" + values_of(curve, index) + " d=\"" +
         lines + "\"/>" + dots;
}

std::string draw(const ChartLevel& level, const PlotArea& area) {
  return "<path class=\"level\" d=\"M" + point_text(area.x(0), area.y(level.value)) + "H" + coordinate(area.right()) +
         "\"/>";
}

/// The levels' names beside the drawing, each at its level, or as far below the one above as its letters need.
std::string names(std::vector<ChartLevel> levels, const PlotArea& area) {
  std::sort(levels.begin(), levels.end(), [](const ChartLevel& a, const ChartLevel& b) { return a.value > b.value; });
  std::string text;
  double y = -kNameHeight;
  for (const ChartLevel& level : levels) {
    y = std::max(y + kNameHeight, area.y(level.value));
    text += "<text class=\"level-name\" x=\"" + coordinate(area.right() + 6) + "\" y=\"" + coordinate(y + 4) + "\">" +
            escape_html(level.name) + "</text>";
  }
  return text;
}

Axis vertical_axis(const Chart& chart) {
  if (chart.range) return axis_between(chart.range->first, chart.range->second, chart.scale);
  double low = std::numeric_limits<double>::infinity(), high = -low;
  const auto include = [&](double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (const Curve& curve : chart.curves) {
    for (const Bucket& bucket : curve.buckets) {
      if (is_visible(bucket, chart.scale)) include(bucket.mean);
    }
  }
  for (const ChartLevel& level : chart.levels) include(level.value);
  return axis_around(low, high, chart.scale);
}

double last_mean(const Curve& curve) {
  for (auto bucket = curve.buckets.rbegin(); bucket != curve.buckets.rend(); ++bucket) {
    if (std::isfinite(bucket->mean)) return bucket->mean;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::string share_text(double share) {
  return std::isfinite(share) ? std::to_string(std::lround(100 * share)) + " %" : "–";
}

/// Names and last values.
std::string legend(const std::vector<Curve>& curves, std::string (*value_text)(double)) {
  std::string text = "<p class=\"legend\">";
  for (const Curve& curve : curves) {
    text += "<span><i style=\"background:" + curve.colour + "\"></i>" + escape_html(curve.name) + " <b>" +
            value_text(last_mean(curve)) + "</b></span>";
  }
  return text + "</p>";
}

std::string figure(const std::string& title, const std::string& explanation, const std::string& legend,
                   const std::string& svg) {
  return "<figure class=\"card\"><h3>" + escape_html(title) + "</h3>" + legend + svg + "<figcaption>" +
         escape_html(explanation) + "</figcaption></figure>\n";
}

/// What lies between the sums of the shares below and with this one.
std::string draw_share(const Curve& share, std::size_t index, const std::vector<double>& below, const PlotArea& area) {
  std::vector<Bucket> bands;
  for (std::size_t i = 0; i < below.size(); ++i) {
    const double value = share.buckets[i].mean;
    bands.push_back({share.buckets[i].x, value, below[i], below[i] + value});
  }
  std::string path;
  for_each_run(bands, Scale::linear, [&](std::span<const Bucket> run) { path += band_path(run, area); });
  return path.empty() ? ""
                      : "<path class=\"share\" style=\"fill:" + share.colour + "\"" + values_of(share, index) +
                            " d=\"" + path + "\"/>";
}

}  // namespace

std::string chart_html(const Chart& chart, double last, std::span<const Alarm> alarms) {
  const PlotArea area(axis_between(0, std::max(last, 1.0), Scale::linear), vertical_axis(chart), chart.unit);
  std::string drawing;
  for (const ChartLevel& level : chart.levels) drawing += draw(level, area);
  for (std::size_t i = 0; i < chart.curves.size(); ++i) drawing += draw(chart.curves[i], i, chart.scale, area);
  return figure(chart.title, chart.explanation, legend(chart.curves, short_text),
                area.svg(chart.title, drawing, names(chart.levels, area), alarms));
}

std::string chart_html(const ShareChart& chart, double last, std::span<const Alarm> alarms) {
  const PlotArea area(axis_between(0, std::max(last, 1.0), Scale::linear), axis_between(0, 1, Scale::linear), "share");
  std::string drawing;
  std::vector<double> below(chart.shares.empty() ? 0 : chart.shares.front().buckets.size(), 0.0);
  for (std::size_t index = 0; index < chart.shares.size(); ++index) {
    const Curve& share = chart.shares[index];
    drawing += draw_share(share, index, below, area);
    for (std::size_t i = 0; i < below.size(); ++i) {
      if (std::isfinite(share.buckets[i].mean)) below[i] += share.buckets[i].mean;
    }
  }
  return figure(chart.title, chart.explanation, legend(chart.shares, share_text),
                area.svg(chart.title, drawing, "", alarms));
}

}  // namespace duel::app

#include "app/report/iteration_drawing.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>

#include "app/report/html.h"
#include "app/report/iteration_text.h"
#include "engine/measure/table.h"
#include "engine/tasks/hazards.h"
#include "files/text.h"

namespace duel::app {
namespace {

constexpr double kBoxWidth = 196, kBoxHeight = 52, kLeastGap = 30, kBetweenLevels = 34, kMargin = 14, kNumberWidth = 38;
constexpr double kLane = 6;  // between lines that pass a level side by side
constexpr int kLeastOuterLanes = 4;
constexpr double kLegendHeight = 58;

constexpr const char* kStyle = R"(
text { font: 12px system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; fill: #1d2733; }
.soft { fill: #667280; font-size: 11px; } .number { font-weight: 600; text-anchor: end; }
rect { rx: 6; stroke-width: 1.2; }
.generator { fill: #dcebfa; stroke: #2563a8; } .discriminator { fill: #fbe6d4; stroke: #b8601b; }
.both { fill: #e9ecef; stroke: #7a8591; }
path, line { fill: none; stroke: #5b6673; stroke-width: 1.2; } .arrow { fill: #5b6673; stroke: none; }
.write_after_read { stroke-dasharray: 6 4; } .write_after_write { stroke-dasharray: 1.5 3.5; }
@media (prefers-color-scheme: dark) {
text { fill: #dfe5ec; } .soft { fill: #a3aeba; }
.generator { fill: #17324f; stroke: #5f9fe0; } .discriminator { fill: #4a2c14; stroke: #e0944f; }
.both { fill: #30363d; stroke: #8b949e; }
path, line { stroke: #97a2ae; } .arrow { fill: #97a2ae; }
}
)";

const char* name_of(Hazard hazard) {
  switch (hazard) {
    case Hazard::read_after_write:
      return "read_after_write";
    case Hazard::write_after_read:
      return "write_after_read";
    case Hazard::write_after_write:
      break;
  }
  return "write_after_write";
}

const char* style_of(const Task& task) {
  const char* const network = network_of(task);
  return *network ? network : "both";
}

std::string work_text(const Task& task) {
  return number_text(task.work().flops.all() / 1e6, 2) + " MFLOP, " + number_text(task.work().bytes.all() / 1e6, 2) +
         " MB";
}

struct Point {
  double x, y;
};

class Drawing {
 public:
  explicit Drawing(const PlannedIteration& iteration)
      : iteration_(iteration), places_(iteration), waits_(direct_waits_of(iteration.list)), x_(places_.level.size()) {
    do {
      place_boxes();
      arrows_ = arrows();
    } while (needs_room());
  }

  std::string svg() {
    const double height = top(iteration_.levels.size()) + kLegendHeight;
    const double width = std::max(right() + kMargin, 560.0);
    std::string text = beginning_of(DrawingForm::svg) + " viewBox=\"0 0 " + coordinate(width) + " " +
                       coordinate(height) + "\" width=\"" + coordinate(width) + "\" height=\"" + coordinate(height) +
                       "\">\n<title>" + kernels_text(iteration_) + "</title>\n<style>" + kStyle +
                       "</style>\n<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" "
                       "markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\" markerUnits=\"userSpaceOnUse\">"
                       "<path class=\"arrow\" d=\"M0 0 8 4 0 8z\"/></marker></defs>\n";
    text += arrows_;
    for (std::size_t level = 0; level < iteration_.levels.size(); ++level) text += row(level);
    return text + legend(height - kLegendHeight + 8) + "</svg>\n";
  }

 private:
  static double top(std::size_t level) { return kMargin + static_cast<double>(level) * (kBoxHeight + kBetweenLevels); }
  // Room for lines that pass a level of the full width.
  double lanes_width() const { return outer_lanes_ * kLane; }
  double left() const { return kMargin + kNumberWidth + lanes_width(); }
  double right() const { return left() + row_width_ + lanes_width(); }

  void place_boxes() {
    std::size_t most = 1;
    for (const Level& level : iteration_.levels) most = std::max(most, level.tasks.size());
    row_width_ = static_cast<double>(most) * (kBoxWidth + gap_) - gap_;
    for (const Level& level : iteration_.levels) {
      const auto count = static_cast<double>(level.tasks.size());
      const double first = left() + (row_width_ - (count * (kBoxWidth + gap_) - gap_)) / 2;
      for (std::size_t i = 0; i < level.tasks.size(); ++i) {
        x_[level.tasks[i]] = first + static_cast<double>(i) * (kBoxWidth + gap_);
      }
    }
  }

  // Whether lines took more room than there was; it is made then.
  bool needs_room() {
    int most_inside = 0, most_outside = 0;
    for (const auto& [place, taken] : lanes_) {
      const auto [level, gap] = place;
      const bool is_outside = gap == 0 || gap == iteration_.levels[level].tasks.size();
      int& most = is_outside ? most_outside : most_inside;
      most = std::max(most, taken);
    }
    lanes_.clear();
    const double gap = std::max(gap_, (most_inside + 1) * kLane);
    const int outer_lanes = std::max(outer_lanes_, most_outside - 2 + static_cast<int>(std::ceil(gap / (2 * kLane))));
    const bool grows = gap > gap_ || outer_lanes > outer_lanes_;
    gap_ = gap, outer_lanes_ = outer_lanes;
    return grows;
  }

  std::string row(std::size_t level) const {
    std::string text = "<text class=\"number\" x=\"" + coordinate(kMargin + 18) + "\" y=\"" +
                       coordinate(top(level) + kBoxHeight / 2 + 4) + "\">" + std::to_string(level + 1) + "</text>\n";
    for (const std::size_t task : iteration_.levels[level].tasks) text += box(task, top(level));
    return text;
  }

  std::string box(std::size_t task, double y) const {
    const Task& one = iteration_.list.tasks()[task];
    const auto line = [&](const char* style, double down, const std::string& words) {
      return "<text" + std::string(style) + " x=\"" + coordinate(x_[task] + 10) + "\" y=\"" + coordinate(y + down) +
             "\">" + escape_html(words) + "</text>";
    };
    const TaskLabel label = label_of(one);
    return "<g><title>" + escape_html(places_.name[task] + ": " + one.op()) + "</title><rect class=\"" + style_of(one) +
           "\" x=\"" + coordinate(x_[task]) + "\" y=\"" + coordinate(y) + "\" width=\"" + coordinate(kBoxWidth) +
           "\" height=\"" + coordinate(kBoxHeight) + "\"/>" + line("", 16, label.what) +
           line(" class=\"soft\"", label.of.empty() ? 38 : 45, work_text(one)) +
           (label.of.empty() ? "" : line(" class=\"soft\"", 31, label.of)) + "</g>\n";
  }

  // Arrows leave and reach a box side by side, in the order of their other ends.
  std::string arrows() {
    struct Arrow {
      std::size_t from, to;
      const Wait* wait;
      Point begin{}, end{};
    };
    std::vector<Arrow> arrows;
    for (std::size_t task = 0; task < waits_.size(); ++task) {
      for (const Wait& wait : waits_[task]) arrows.push_back({wait.earlier, task, &wait});
    }
    for (std::size_t task = 0; task < waits_.size(); ++task) {
      std::vector<Arrow*> out, in;
      for (Arrow& arrow : arrows) {
        if (arrow.from == task) out.push_back(&arrow);
        if (arrow.to == task) in.push_back(&arrow);
      }
      const auto place = [&](std::size_t i, std::size_t count) {
        return x_[task] + kBoxWidth * static_cast<double>(i + 1) / static_cast<double>(count + 1);
      };
      std::ranges::stable_sort(out, {}, [&](const Arrow* arrow) { return x_[arrow->to]; });
      std::ranges::stable_sort(in, {}, [&](const Arrow* arrow) { return x_[arrow->from]; });
      for (std::size_t i = 0; i < out.size(); ++i) {
        out[i]->begin = {place(i, out.size()), top(places_.level[task]) + kBoxHeight};
      }
      for (std::size_t i = 0; i < in.size(); ++i) in[i]->end = {place(i, in.size()), top(places_.level[task])};
    }
    std::string text;
    for (const Arrow& arrow : arrows) {
      text += "<path class=\"" + std::string(name_of(arrow.wait->hazard)) + "\" marker-end=\"url(#arrow)\" d=\"" +
              route(arrow.begin, places_.level[arrow.from], arrow.end, places_.level[arrow.to]) + "\"><title>" +
              escape_html(places_.name[arrow.from] + " to " + places_.name[arrow.to] + ": " + arrow.wait->tensor) +
              "</title></path>\n";
    }
    return text;
  }

  // Down between the boxes of the levels that it passes.
  std::string route(Point begin, std::size_t from, Point end, std::size_t to) {
    std::string path = "M" + coordinate(begin.x) + " " + coordinate(begin.y);
    Point at = begin;
    const auto curve_to = [&](Point next) {
      const double half = (at.y + next.y) / 2;
      path += "C" + coordinate(at.x) + " " + coordinate(half) + " " + coordinate(next.x) + " " + coordinate(half) +
              " " + coordinate(next.x) + " " + coordinate(next.y);
      at = next;
    };
    for (std::size_t level = from + 1; level < to; ++level) {
      const double x = lane(level, at.x + (end.x - at.x) / static_cast<double>(to - level + 1));
      curve_to({x, top(level)});
      at.y += kBoxHeight;
      path += "V" + coordinate(at.y);
    }
    curve_to(end);
    return path;
  }

  // A way past the level's boxes that no other line takes, near `wanted`.
  double lane(std::size_t level, double wanted) {
    const std::vector<std::size_t>& tasks = iteration_.levels[level].tasks;
    std::vector<double> gaps = {x_[tasks.front()] - gap_ / 2};
    for (const std::size_t task : tasks) gaps.push_back(x_[task] + kBoxWidth + gap_ / 2);
    const auto nearest = std::ranges::min_element(gaps, {}, [&](double gap) { return std::abs(gap - wanted); });
    const auto gap = static_cast<std::size_t>(nearest - gaps.begin());
    const int taken = lanes_[{level, gap}]++;
    const bool is_first = gap == 0, is_last = gap + 1 == gaps.size();
    if (is_first || is_last) return *nearest + (is_first ? -kLane : kLane) * (taken - 1);
    return *nearest + (taken % 2 == 0 ? -1 : 1) * kLane * ((taken + 1) / 2);
  }

  std::string legend(double y) const {
    std::string text;
    double x = kMargin;
    const auto word = [&](double width, double down, const std::string& words) {
      text += "<text class=\"soft\" x=\"" + coordinate(x + 30) + "\" y=\"" + coordinate(y + down) + "\">" + words +
              "</text>\n";
      x += width;
    };
    for (const auto& [network, words] : std::initializer_list<std::pair<std::string, std::string>>{
             {"generator", "generator"}, {"discriminator", "discriminator"}, {"both", "both, or neither"}}) {
      text += "<rect class=\"" + network + "\" x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) +
              "\" width=\"24\" height=\"14\"/>";
      word(140, 11, words);
    }
    x = kMargin;
    for (const auto& [hazard, words] : {std::pair{Hazard::read_after_write, "reads what was written"},
                                        std::pair{Hazard::write_after_read, "writes what was read"},
                                        std::pair{Hazard::write_after_write, "writes what was written"}}) {
      text += "<line class=\"" + std::string(name_of(hazard)) + "\" x1=\"" + coordinate(x) + "\" x2=\"" +
              coordinate(x + 24) + "\" y1=\"" + coordinate(y + 30) + "\" y2=\"" + coordinate(y + 30) + "\"/>";
      word(170, 34, words);
    }
    return text;
  }

  const PlannedIteration& iteration_;
  TaskPlaces places_;
  std::vector<std::vector<Wait>> waits_;
  std::vector<double> x_;                   // of the tasks' boxes
  double row_width_ = 0, gap_ = kLeastGap;  // between boxes
  int outer_lanes_ = kLeastOuterLanes;      // on either side of the widest level
  std::string arrows_;
  std::map<std::pair<std::size_t, std::size_t>, int> lanes_;  // taken, by level and gap
};

std::string dot(const PlannedIteration& iteration) {
  const TaskPlaces places(iteration);
  const auto waits = direct_waits_of(iteration.list);
  const std::map<Hazard, const char*> styles = {
      {Hazard::read_after_write, "solid"}, {Hazard::write_after_read, "dashed"}, {Hazard::write_after_write, "dotted"}};
  const std::map<std::string, const char*> colors = {
      {"generator", "#dcebfa"}, {"discriminator", "#fbe6d4"}, {"both", "#e9ecef"}};
  const auto quoted = [](std::string text) {
    for (std::size_t at = 0; (at = text.find_first_of("\"\\", at)) != std::string::npos; at += 2) text.insert(at, "\\");
    return '"' + text + '"';
  };
  std::string text = beginning_of(DrawingForm::dot) + "\nnode [shape=box, style=\"rounded,filled\"];\n";
  for (const Level& level : iteration.levels) {
    text += "{ rank=same;\n";
    for (const std::size_t task : level.tasks) {
      const Task& one = iteration.list.tasks()[task];
      const TaskLabel label = label_of(one);
      text += "\"" + places.name[task] + "\" [label=" +
              quoted(places.name[task] + ": " + label.what + "\n" + label.of + (label.of.empty() ? "" : "\n") +
                     work_text(one)) +
              ", fillcolor=\"" + colors.at(style_of(one)) + "\"];\n";
    }
    text += "}\n";
  }
  for (std::size_t task = 0; task < waits.size(); ++task) {
    for (const Wait& wait : waits[task]) {
      text += "\"" + places.name[wait.earlier] + "\" -> \"" + places.name[task] +
              "\" [style=" + styles.at(wait.hazard) + ", tooltip=" + quoted(wait.tensor) + "];\n";
    }
  }
  return text + "}\n";
}

}  // namespace

DrawingForm form_of(const std::filesystem::path& file) {
  if (file.extension() == ".svg") return DrawingForm::svg;
  if (file.extension() == ".dot") return DrawingForm::dot;
  throw std::invalid_argument("expected a file that ends in .svg or .dot, found " + in_quotes(file));
}

std::string beginning_of(DrawingForm form) {
  return form == DrawingForm::svg ? R"(<svg xmlns="http://www.w3.org/2000/svg" class="iteration")"
                                  : "digraph iteration {";
}

std::string draw(const PlannedIteration& iteration, DrawingForm form) {
  return form == DrawingForm::svg ? Drawing(iteration).svg() : dot(iteration);
}

}  // namespace duel::app

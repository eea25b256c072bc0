#include "app/runs/comparison_page.h"

#include <algorithm>

#include "app/report/chart.h"
#include "app/report/gallery.h"
#include "app/report/html.h"
#include "app/report/page.h"
#include "app/report/run_charts.h"

namespace duel::app {
namespace {

constexpr const char* kColours[kMostCompared] = {"#3b6fb6", "#e08a3c", "#57a55a", "#c8504b",
                                                 "#8567b3", "#43aec0", "#d67fb8", "#a8872f"};

constexpr const char* kComparisonStyle = R"(
.compared { overflow-x: auto; padding: 8px 18px 12px; } .compared table { width: 100%; margin: 0; }
.compared th { white-space: nowrap; vertical-align: bottom; padding-top: 8px; }
.compared thead th { color: var(--ink); font-weight: 600; overflow-wrap: anywhere; white-space: normal; min-width: 90px; }
.compared tr:last-child td, .compared tr:last-child th { border-bottom: 0; }
.compared i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 7px; }
.compared td { font-variant-numeric: tabular-nums; }
.last { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(260px, 100%), 1fr)); gap: 16px; }
.last figure { margin: 0; } .last img { width: 100%; height: auto; image-rendering: pixelated; border-radius: 4px; display: block; }
.last h3 i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 7px; }
.last h3 { overflow-wrap: anywhere; }
)";

/// A chart of one column of a log, a curve for each run.
struct CompareChart {
  const char *title, *explanation, *unit, *column;
  LogTable RunRecord::*log;
  Scale scale = Scale::linear;
};

constexpr CompareChart kCharts[] = {
    {"D's loss", "What the discriminator minimises, of the training's batches.", "loss", "d_loss", &RunRecord::stats},
    {"G's loss", "What the generator minimises. Losses of different kinds (--loss) cannot be compared.", "loss",
     "g_loss", &RunRecord::stats},
    {"D(x)", "What D says of real images.", "judgement", "d_real", &RunRecord::stats},
    {"D(G(z))", "What D says of generated images.", "judgement", "d_fake", &RunRecord::stats},
    {"Diversity of the samples",
     "Mean distance between two samples, divided by that between two real images. Near 0, all samples are alike.",
     "relative distance", "pairwise_distance", &RunRecord::convergence},
    {"Distance from the equilibrium", "The game's value less that at the equilibrium.", "V − V*", "value_gap",
     &RunRecord::convergence},
    {"D's accuracy", "Share of real and generated images that D judges rightly; 1/2 is guessing.", "share",
     "d_accuracy", &RunRecord::convergence},
    {"Ratio of the updates", "G's relative update divided by D's.", "G's / D's", "update_ratio",
     &RunRecord::convergence, Scale::logarithmic},
};

std::string chip(std::size_t run) {
  return std::string("<i style=\"background:") + kColours[run] + "\"></i>";
}

std::string table_html(const std::vector<ComparedRun>& runs, const std::vector<ComparedRow>& rows) {
  std::string html = "<section class=\"card compared\"><table><thead><tr><th></th>";
  for (std::size_t i = 0; i < runs.size(); ++i) {
    html += "<th scope=\"col\">" + chip(i) + escape_html(runs[i].summary.name) + "</th>";
  }
  html += "</tr></thead><tbody>";
  for (const ComparedRow& row : rows) {
    html += "<tr><th scope=\"row\">" + escape_html(row.name) + "</th>";
    for (const std::string& value : row.values) html += "<td>" + escape_html(value) + "</td>";
    html += "</tr>";
  }
  return html + "</tbody></table></section>\n";
}

std::string charts_html(const std::vector<ComparedRun>& runs) {
  double last = 0;
  for (const ComparedRun& run : runs) last = std::max(last, run.record.last_iteration());
  std::string html;
  for (const CompareChart& one : kCharts) {
    Chart chart;
    chart.title = one.title;
    chart.explanation = one.explanation;
    chart.unit = one.unit;
    chart.scale = one.scale;
    bool has_numbers = false;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const LogTable& log = runs[i].record.*one.log;
      has_numbers |= log.find(one.column) != nullptr;
      chart.curves.push_back(curve_of(log, one.column, runs[i].summary.name, kColours[i]));
    }
    if (has_numbers) html += chart_html(chart, last, {});
  }
  if (html.empty()) return "<p class=\"note\">No run has logged anything yet.</p>\n";
  return "<div class=\"charts\">\n" + html + "</div>\n";
}

std::string samples_html(const std::vector<ComparedRun>& runs) {
  std::string html;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto& samples = runs[i].record.samples;
    if (samples.empty()) continue;
    const std::string when = "after " + whole_number(static_cast<double>(samples.back().first)) + " iterations";
    const std::string picture = embedded_picture(samples.back().second, "Samples " + when);
    if (picture.empty()) continue;
    html += "<figure class=\"card\"><h3>" + chip(i) + escape_html(runs[i].summary.name) + "</h3>" + picture +
            "<figcaption>" + when + "</figcaption></figure>\n";
  }
  return html.empty() ? "" : "<h2>Last samples</h2>\n<div class=\"last\">\n" + html + "</div>\n";
}

std::string settings_html(const std::vector<ComparedRun>& runs) {
  const std::vector<ComparedRow> rows = different_settings(runs);
  std::string faults;
  for (const ComparedRun& run : runs) {
    const std::string& fault = run.record.settings_fault;
    if (!fault.empty()) faults += "<p class=\"note\">Left out: " + escape_html(fault) + "</p>\n";
  }
  return "<h2>Settings that differ</h2>\n" +
         (rows.empty() ? "<p class=\"note\">" + without_differences(runs) + "</p>\n" : table_html(runs, rows)) + faults;
}

std::string title_of_comparison(const std::vector<ComparedRun>& runs) {
  std::string title;
  for (const ComparedRun& run : runs) title += (title.empty() ? "" : ", ") + run.summary.name;
  return title;
}

}  // namespace

const char* const kComparisonBeginning = "<!DOCTYPE html>\n<html lang=\"en\" class=\"comparison\">";

std::string comparison_page(const std::vector<ComparedRun>& runs) {
  const std::string title = title_of_comparison(runs);
  return page_frame(kComparisonBeginning, "", title, kComparisonStyle,
                    "<header><h1>" + std::to_string(runs.size()) + " runs compared</h1><p>" + escape_html(title) +
                        "</p></header>\n<h2>How they stand</h2>\n" + table_html(runs, standings(runs)) +
                        settings_html(runs) + "<h2>How they went</h2>\n" + charts_html(runs) +
                        "<p class=\"note\">Lines are means of neighbouring iterations; the bands behind them reach "
                        "from the lowest to "
                        "the highest value. Losses in the table are means over the last tenth of the log.</p>\n" +
                        samples_html(runs),
                    "");
}

}  // namespace duel::app

#include "app/report/page.h"

#include <algorithm>
#include <cmath>

#include "app/report/gallery.h"
#include "app/report/html.h"
#include "app/report/outcome.h"
#include "app/report/page_script.h"
#include "app/report/page_style.h"
#include "app/report/progress.h"
#include "app/report/run_charts.h"
#include "app/report/run_facts.h"
#include "app/settings/setting.h"

namespace duel::app {
namespace {

constexpr std::size_t kMostAlarms = 20;

std::string tile(const std::string& value, const std::string& name) {
  return "<div class=\"card\"><b>" + escape_html(value) + "</b><span>" + escape_html(name) + "</span></div>";
}

std::string tiles(const RunRecord& run) {
  std::string html = "<div class=\"tiles\">";
  const double done = iterations_done(run);
  if (std::isfinite(done)) html += tile(whole_number(done), "iterations");
  html += run.stats.find("epoch") == nullptr ? "" : tile(whole_number(run.stats.last("epoch")), "epochs begun");
  if (run.stats.find("seconds") != nullptr) html += tile(format_duration(run.stats.last("seconds")), "training time");
  const double speed = images_per_second(run);
  if (std::isfinite(speed) && speed > 0) html += tile(format_count(speed), "images a second");
  return html + "</div>\n";
}

/// A fact of the header; nothing where it is not known. `style`: good, bad or "".
std::string fact(const std::string& name, const std::string& value, const std::string& more = "",
                 const std::string& style = "") {
  if (value.empty()) return "";
  return "<div><dt>" + escape_html(name) + "</dt><dd" + (style.empty() ? "" : " class=\"" + style + "\"") +
         (more.empty() ? "" : " title=\"" + escape_html(more) + "\"") + ">" + escape_html(value) + "</dd></div>";
}

/// What the last look found of the samples.
std::string quality(const LogTable& looks) {
  std::string text;
  if (looks.find("pairwise_distance") != nullptr) {
    text = "diversity " + short_text(looks.last("pairwise_distance")) + " of that of real images";
  }
  const ClassesFound classes = classes_found(looks);
  if (classes.all > 0) text += ", " + std::to_string(classes.found) + " of " + std::to_string(classes.all) + " classes";
  return text;
}

std::string style_of(RunEnd end) {
  const bool is_bad = end == RunEnd::collapsed || end == RunEnd::failed || end == RunEnd::killed;
  return is_bad ? "bad" : end == RunEnd::finished ? "good" : "";
}

std::string facts(const RunRecord& run) {
  std::string html = fact("data", data_name(run.setting("data")), run.setting("data"));
  if (run.outcome) {
    html += fact("begun", date_text(run.outcome->begun));
    html += fact("version", run.outcome->version.empty() ? "" : run.program->name + " " + run.outcome->version);
  }
  html += fact("seed", run.setting("seed"));
  if (run.outcome) html += fact("outcome", outcome_name(run.outcome->end), "", style_of(run.outcome->end));
  html += fact("last samples", quality(run.convergence));
  return html.empty() ? "" : "<dl class=\"facts\">" + html + "</dl>";
}

std::string header(const RunRecord& run) {
  std::string about = "Generative adversarial training";
  if (!run.setting("preset").empty()) about += " · preset " + run.setting("preset");
  if (!run.device.empty()) about += " · " + run.device;
  return "<header><h1>" + escape_html(run.name) + "</h1><p>" + escape_html(about) + "</p>" + facts(run) + "</header>\n";
}

std::string alarms(const std::vector<Alarm>& alarms) {
  if (alarms.empty()) return "";
  std::string html = "<section class=\"card alarms\"><h3>Alarms</h3><ul>";
  for (std::size_t i = 0; i < std::min(alarms.size(), kMostAlarms); ++i) {
    const Alarm& alarm = alarms[i];
    const std::string until = alarm.last > alarm.first ? " to " + whole_number(alarm.last) : "";
    html += "<li>iteration " + whole_number(alarm.first) + until + ": " + escape_html(alarm.text) + "</li>";
  }
  if (alarms.size() > kMostAlarms) html += "<li>and " + std::to_string(alarms.size() - kMostAlarms) + " more</li>";
  return html + "</ul></section>\n";
}

std::string charts(const RunRecord& run) {
  const std::string charts = run_charts(run), missing = missing_charts(run);
  std::string html = "<h2>How it went</h2>\n";
  if (!charts.empty()) html += "<div class=\"charts\">\n" + charts + "</div>\n";
  if (!missing.empty()) html += "<p class=\"note\">" + escape_html(missing) + "</p>\n";
  return html +
         "<p class=\"note\">Lines are means of neighbouring iterations; the bands behind them reach from the lowest "
         "to the highest value.</p>\n";
}

std::string settings(const RunRecord& run) {
  if (run.settings.empty()) return "<p class=\"note\">config.toml is absent or cannot be read: no settings.</p>\n";
  std::string html = "<h2>Settings</h2>\n<section class=\"card\"><div class=\"settings\">";
  for (const ConfigEntry& entry : run.settings) {
    const bool is_own = differs_from_preset(*run.program, entry, run.setting("preset"));
    html += std::string(is_own ? "<div class=\"own\">" : "<div>") + "<span>" + escape_html(entry.key) +
            "</span><code>" + escape_html(entry.text().empty() ? "–" : entry.text()) + "</code></div>";
  }
  return html + "</div><p class=\"note\">Blue: differs from the preset.</p></section>\n";
}

std::string kernels(const RunRecord& run) {
  if (run.kernels.empty()) return "<p class=\"note\">kernels.json is absent or cannot be read: no kernels.</p>\n";
  std::string html =
      "<details class=\"card\"><summary>Kernels of an iteration</summary><table><tr><th>op</th>"
      "<th>variant</th><th>why</th><th>different shapes</th></tr>";
  for (const KernelRow& row : run.kernels) {
    html += "<tr><td>" + escape_html(row.op) + "</td><td>" + escape_html(row.variant) + "</td><td>" +
            escape_html(row.because) + "</td><td>" + std::to_string(row.shapes) + "</td></tr>";
  }
  return html + "</table></details>\n";
}

std::string log(const RunRecord& run) {
  if (run.log.empty()) return "";
  return "<details class=\"card\"><summary>log.txt</summary><pre>" + escape_html(run.log) + "</pre></details>\n";
}

}  // namespace

bool differs_from_preset(const TrainingProgram& program, const ConfigEntry& entry, const std::string& preset_name) {
  const Setting<TrainOptions>* setting =
      find_setting(TrainOptions::settings(), canonical_name(TrainOptions::settings(), entry.key));
  if (setting == nullptr) return true;
  try {
    const TrainOptions expected = preset(program, preset_name);
    TrainOptions found = expected;
    setting->set(found, entry.values);
    return setting->get(found) != setting->get(expected);
  } catch (const std::exception&) {  // a preset or a value that this build does not know
    return true;
  }
}

std::string page_frame(const std::string& beginning, const std::string& links, const std::string& title,
                       const std::string& style, const std::string& main, const std::string& script) {
  return beginning +
         "<head><meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>" +
         links + "<title>" + escape_html(title) + "</title><style>" + kPageStyle + style +
         "</style></head>\n<body><main>\n" + main + "</main><script>" + kPageScript + script +
         "</script></body></html>\n";
}

std::string report_page(const RunRecord& run, PageForm form, const std::string& script) {
  return page_frame("<!DOCTYPE html>\n<html lang=\"en\">", "<link rel=\"icon\" href=\"data:,\"/>", run.name, "",
                    header(run) + outcome_html(run, form) + tiles(run) + alarms(run.convergence.alarms) +
                        gallery_html(run, form) + charts(run) + settings(run) + kernels(run) + log(run),
                    script);
}

}  // namespace duel::app

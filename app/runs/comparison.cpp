#include "app/runs/comparison.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iterator>
#include <set>
#include <utility>

#include "app/report/html.h"
#include "app/report/progress.h"
#include "app/runs/run_table.h"
#include "app/settings/setting.h"
#include "engine/io/json_text.h"
#include "engine/measure/rows_csv.h"
#include "engine/measure/table.h"
#include "files/text.h"
#include "kernels/optimizers/optimizers.h"

namespace duel::app {
namespace {

using nlohmann::ordered_json;

constexpr const char* kNoValue = "–";

/// Whether it is the setting of another optimizer than the run's, which nothing comes of.
bool is_idle(const RunRecord& run, const std::string& key) {
  bool is_of_own = false, is_of_other = false;
  for_each_unit(Optimizers(), [&](auto unit) {
    unit.visit_settings(unit, [&](const OptimizerSetting& setting, auto...) {
      if (hyphenated(setting.name) == key) (run.setting("optimizer") == unit.kName ? is_of_own : is_of_other) = true;
    });
  });
  return is_of_other && !is_of_own && !run.setting("optimizer").empty();
}

std::string value_of(const RunRecord& run, const std::string& key) {
  const std::string text = is_idle(run, key) ? "" : run.setting(key);
  return text.empty() ? kNoValue : text;
}

/// Of all runs, in the order in which they come first.
std::vector<std::string> setting_names(const std::vector<ComparedRun>& runs) {
  std::vector<std::string> names;
  for (const ComparedRun& run : runs) {
    for (const ConfigEntry& entry : run.record.settings) {
      if (std::find(names.begin(), names.end(), entry.key) == names.end()) names.push_back(entry.key);
    }
  }
  return names;
}

std::string or_nothing(double value, const std::function<std::string(double)>& text) {
  return std::isfinite(value) ? text(value) : kNoValue;
}

/// Tables of at most `beside` runs each, below each other.
std::string tables_text(const std::vector<ComparedRun>& runs, const std::vector<ComparedRow>& rows,
                        std::size_t beside) {
  constexpr std::size_t kMostCell = 60;  // bytes
  std::string text;
  for (std::size_t begin = 0; begin < runs.size(); begin += beside) {
    const std::size_t end = std::min(begin + beside, runs.size());
    std::vector<Column> columns = {{"", Column::Kind::text}};
    for (std::size_t i = begin; i < end; ++i) {
      columns.push_back({excerpt(runs[i].summary.name, kMostCell), Column::Kind::number});
    }
    Table table(columns);
    for (const ComparedRow& row : rows) {
      std::vector<std::string> cells = {excerpt(row.name, kMostCell)};
      for (std::size_t i = begin; i < end; ++i) cells.push_back(excerpt(row.values[i], kMostCell));
      table.add(cells);
    }
    text += (begin == 0 ? "" : "\n") + table.text(SIZE_MAX);
  }
  return text;
}

/// Of each run its columns, and its settings of those that differ.
std::vector<std::pair<ordered_json, ordered_json>> rows_of(const std::vector<ComparedRun>& runs) {
  const std::vector<ComparedRow> different = different_settings(runs);
  std::vector<std::pair<ordered_json, ordered_json>> rows;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    auto settings = ordered_json::object();
    for (const ComparedRow& row : different) {
      settings[row.name] = row.values[i] == kNoValue ? ordered_json() : ordered_json(row.values[i]);
    }
    rows.emplace_back(row_json(runs[i].summary), settings);
  }
  return rows;
}

}  // namespace

std::vector<ComparedRow> different_settings(const std::vector<ComparedRun>& runs) {
  std::vector<ComparedRow> rows;
  for (const std::string& name : setting_names(runs)) {
    if (name == "name" || name == "outdir") continue;  // every run's are its own
    ComparedRow row{name, {}};
    std::set<std::string> different;
    for (const ComparedRun& run : runs) {
      row.values.push_back(value_of(run.record, name));
      if (run.record.settings_fault.empty()) different.insert(row.values.back());
    }
    if (different.size() > 1) rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<ComparedRow> standings(const std::vector<ComparedRun>& runs) {
  struct Standing {
    const char* name;
    std::function<std::string(const RunSummary&)> text;
  };
  const Standing standings[] = {
      {"state", [](const RunSummary& run) { return run.state.empty() ? kNoValue : run.state; }},
      {"iterations", [](const RunSummary& run) { return whole_number(run.iterations); }},
      {"epochs", [](const RunSummary& run) { return whole_number(run.epochs); }},
      {"D loss", [](const RunSummary& run) { return short_text(run.d_loss); }},
      {"G loss", [](const RunSummary& run) { return short_text(run.g_loss); }},
      {"diversity", [](const RunSummary& run) { return short_text(run.diversity); }},
      {"classes",
       [](const RunSummary& run) {
         return std::isfinite(run.classes) ? whole_number(run.classes) + " of " + whole_number(run.all_classes)
                                           : kNoValue;
       }},
      {"Fréchet distance", [](const RunSummary& run) { return short_text(run.frechet); }},
      {"training time", [](const RunSummary& run) { return or_nothing(run.seconds, format_duration); }},
      {"images a second", [](const RunSummary& run) { return or_nothing(run.images_per_second, format_count); }},
  };
  std::vector<ComparedRow> rows;
  for (const Standing& standing : standings) {
    ComparedRow row{standing.name, {}};
    for (const ComparedRun& run : runs) row.values.push_back(standing.text(run.summary));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string without_differences(const std::vector<ComparedRun>& runs) {
  const auto readable =
      std::count_if(runs.begin(), runs.end(), [](const ComparedRun& run) { return run.record.settings_fault.empty(); });
  if (readable < 2) return "No two runs have settings that can be read.";
  return readable < std::ssize(runs) ? "All settings that can be read are the same." : "All settings are the same.";
}

std::string comparison_text(const std::vector<ComparedRun>& runs, std::size_t width) {
  std::vector<ComparedRow> rows = different_settings(runs);
  const std::string note = rows.empty() ? "  " + without_differences(runs) + "\n" : "";
  for (ComparedRow& row : standings(runs)) rows.push_back(std::move(row));
  std::size_t beside = runs.size();
  std::string text = tables_text(runs, rows, beside);
  while (beside > 1 && longest_line(text) > width) text = tables_text(runs, rows, --beside);
  return text + note;
}

std::string comparison_json(const std::vector<ComparedRun>& runs) {
  auto json = ordered_json::array();
  for (auto& [summary, settings] : rows_of(runs)) {
    summary["settings"] = settings;
    json.push_back(summary);
  }
  return json_text(json, 2) + "\n";
}

std::string comparison_csv(const std::vector<ComparedRun>& runs) {
  std::vector<ordered_json> rows;
  for (const auto& [summary, settings] : rows_of(runs)) {
    rows.push_back(summary);
    for (const auto& [name, value] : settings.items()) rows.back()["settings/" + name] = value;
  }
  return rows_csv(rows.front(), rows);
}

}  // namespace duel::app

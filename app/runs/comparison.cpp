#include "app/runs/comparison.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "app/report/html.h"
#include "app/report/progress.h"
#include "engine/measure/table.h"
#include "files/text.h"

namespace duel::app {
namespace {

constexpr const char* kNoValue = "–";

bool is_same_in_all(const std::vector<std::string>& values) {
  return std::all_of(values.begin(), values.end(), [&](const std::string& value) { return value == values.front(); });
}

std::string value_of(const RunRecord& run, const std::string& key) {
  const std::string text = run.setting(key);
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

}  // namespace

std::vector<ComparedRow> different_settings(const std::vector<ComparedRun>& runs) {
  std::vector<ComparedRow> rows;
  for (const std::string& name : setting_names(runs)) {
    if (name == "name" || name == "outdir") continue;  // every run's are its own
    ComparedRow row{name, {}};
    for (const ComparedRun& run : runs) row.values.push_back(value_of(run.record, name));
    if (!is_same_in_all(row.values)) rows.push_back(std::move(row));
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
      {"iterations", [](const RunSummary& run) { return or_nothing(run.iterations, whole_number); }},
      {"epochs", [](const RunSummary& run) { return or_nothing(run.epochs, whole_number); }},
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

std::string comparison_text(const std::vector<ComparedRun>& runs) {
  std::vector<Column> columns = {{"", Column::Kind::text}};
  for (const ComparedRun& run : runs) columns.push_back({printable(run.summary.name), Column::Kind::number});
  Table table(columns);
  const auto add = [&](const std::vector<ComparedRow>& rows) {
    for (const ComparedRow& row : rows) {
      std::vector<std::string> cells = {printable(row.name)};
      for (const std::string& value : row.values) cells.push_back(excerpt(value, 60));
      table.add(cells);
    }
  };
  add(different_settings(runs));
  const std::size_t settings = table.rows();
  add(standings(runs));
  return table.text() + (settings == 0 ? "  All settings are the same.\n" : "");
}

}  // namespace duel::app

#include "app/runs/run_summary.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/report/run_facts.h"
#include "engine/io/data_error.h"
#include "files/folders.h"
#include "files/regular_file.h"
#include "files/text.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr int kMostLevels = 4;

/// Of the numbers in the last tenth of a column.
double late_mean(const LogTable& log, const char* name) {
  const std::vector<double>* column = log.find(name);
  if (column == nullptr) return kUnknown;
  double sum = 0;
  int count = 0;
  for (std::size_t i = column->size() - (column->size() + 9) / 10; i < column->size(); ++i) {
    if (!std::isfinite((*column)[i])) continue;
    sum += (*column)[i];
    ++count;
  }
  return count > 0 ? sum / count : log.last(name);
}

/// What `evaluate --checkpoint RUN --json RUN/quality.json` left: the mean over its seeds.
double frechet_distance(const fs::path& run) {
  const auto json =
      nlohmann::json::parse(read_regular_file(run / "quality.json", kMostRecordBytes).value_or(""), nullptr, false);
  const nlohmann::json::json_pointer mean("/checkpoints/0/figures/frechet_distance/mean");
  if (!json.is_object() || !json.contains(mean) || !json[mean].is_number()) return kUnknown;
  return json[mean].get<double>();
}

bool is_run(const fs::path& folder) {
  std::error_code ignored;
  const auto has = [&](const char* name) { return fs::is_regular_file(folder / name, ignored); };
  return has("outcome.json") || (has("config.toml") && has("log.txt"));
}

void find_below(const fs::path& folder, int levels, const std::function<void(const std::string&)>& tell,
                std::vector<fs::path>& runs) {
  if (is_run(folder)) {
    runs.push_back(folder);
    return;
  }
  if (levels == 0) return;
  for (const fs::directory_entry& entry : entries_of(folder)) {
    std::error_code ignored;
    if (entry.symlink_status(ignored).type() != fs::file_type::directory) continue;
    try {
      find_below(entry.path(), levels - 1, tell, runs);
    } catch (const std::system_error& error) {  // somebody else's
      if (tell) tell(error.what());
    }
  }
}

}  // namespace

RunSummary summary_of(const RunRecord& run, std::string name) {
  const ClassesFound classes = classes_found(run.convergence);
  return {.folder = run.folder,
          .name = std::move(name),
          .state = run.outcome ? outcome_name(run.outcome->end) : "",
          .preset = run.setting("preset"),
          .data = data_name(run.setting("data")),
          .begun = run.outcome ? date_text(run.outcome->begun) : "",
          .iterations = iterations_done(run),
          .goal = run.outcome ? static_cast<double>(run.outcome->goal) : kUnknown,
          .epochs = run.stats.last("epoch"),
          .d_loss = late_mean(run.stats, "d_loss"),
          .g_loss = late_mean(run.stats, "g_loss"),
          .diversity = run.convergence.last("pairwise_distance"),
          .classes = classes.all > 0 ? static_cast<double>(classes.found) : kUnknown,
          .all_classes = classes.all > 0 ? static_cast<double>(classes.all) : kUnknown,
          .frechet = frechet_distance(run.folder),
          .seconds = run.stats.last("seconds"),
          .images_per_second = images_per_second(run),
          .is_alarmed = alarm_at_the_end(run.convergence) != nullptr};
}

std::vector<fs::path> find_runs(const fs::path& folder, const std::function<void(const std::string&)>& tell) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw DataError(folder.string() + ": expected a folder with runs, found " +
                    (fs::exists(fs::symlink_status(folder, error)) ? "no folder" : "nothing") +
                    ". Name the folder that train's --outdir was, or one run.");
  }
  std::vector<fs::path> runs;
  find_below(folder, kMostLevels, tell, runs);
  std::sort(runs.begin(), runs.end());
  return runs;
}

}  // namespace duel::app

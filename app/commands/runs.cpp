#include "app/commands/runs.h"

#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <optional>
#include <set>

#include "app/report/progress.h"
#include "app/runs/comparison.h"
#include "app/runs/comparison_page.h"
#include "app/runs/run_summary.h"
#include "app/runs/run_table.h"
#include "engine/io/checkpoint_path.h"
#include "engine/io/data_error.h"
#include "files/output_file.h"
#include "files/text.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

/// Of standard output; where that is no terminal, as wide as anything.
std::size_t width_of_output() {
  const std::optional<int> width = terminal_width(STDOUT_FILENO);
  return width ? static_cast<std::size_t>(*width) : SIZE_MAX;
}

/// `run` below `folder`; the run's own name where they are the same.
std::string name_below(const fs::path& folder, const fs::path& run) {
  const fs::path name = run.lexically_relative(folder);
  return name.empty() || name == "." ? fs::weakly_canonical(run).filename().string() : name.string();
}

ComparedRun compared_run(const TrainingProgram& program, const fs::path& folder) {
  const std::vector<fs::path> found = find_runs(folder);
  if (found != std::vector<fs::path>{folder}) {
    std::error_code ignored;
    const char* const there = fs::exists(folder / "config.toml", ignored) ? "no outcome.json" : "neither";
    throw DataError(in_quotes(folder) + ": expected a run folder, with config.toml and outcome.json, found " +
                    (found.empty() ? there : "a folder of runs") + ". The command runs lists them.");
  }
  RunRecord record = read_run(program, folder);
  if (!record.settings_fault.empty()) warn(program, record.settings_fault + ". The run is compared without settings.");
  RunSummary summary = summary_of(record, record.name);
  return {std::move(record), std::move(summary)};
}

/// Runs of other folders may have the same name.
void tell_apart(std::vector<ComparedRun>& runs) {
  std::multiset<std::string> names;
  for (const ComparedRun& run : runs) names.insert(run.summary.name);
  for (ComparedRun& run : runs) {
    if (names.count(run.summary.name) > 1) run.summary.name = run.record.folder.string();
  }
}

}  // namespace

ExitCode list_runs(const RunsOptions& options) {
  const fs::path folder = options.folder.empty() ? options.runs : options.folder;
  // Before the first training there is no folder of runs.
  std::error_code ignored;
  const bool is_there = !options.folder.empty() || fs::exists(fs::symlink_status(folder, ignored));
  std::vector<RunSummary> runs;
  const auto tell = [&options](const std::string& fault) { warn(*options.program, fault); };
  for (const fs::path& run : is_there ? find_runs(folder, tell) : std::vector<fs::path>()) {
    runs.push_back(summary_of(read_run(*options.program, run), name_below(folder, run)));
  }
  switch (options.format) {
    case ResultFormat::json:
      std::cout << runs_json(runs);
      break;
    case ResultFormat::csv:
      std::cout << runs_csv(runs);
      break;
    case ResultFormat::table:
      std::cout << (runs.empty() ? "No runs below " + in_quotes(folder) + "\n" : runs_text(runs, width_of_output()));
      break;
  }
  return ExitCode::ok;
}

ExitCode compare_runs(const CompareRunsOptions& options) {
  OutputFile out("--out", options.out, kComparisonBeginning);
  std::vector<ComparedRun> runs;
  for (const fs::path& named : options.compared) {
    runs.push_back(compared_run(*options.program, find_run(named.string(), options.runs)));
  }
  tell_apart(runs);
  out.write(comparison_page(runs));
  switch (options.format) {
    case ResultFormat::json:
      std::cout << comparison_json(runs);
      break;
    case ResultFormat::csv:
      std::cout << comparison_csv(runs);
      break;
    case ResultFormat::table:
      std::cout << comparison_text(runs, width_of_output()) << "\n" << options.out.string() << "\n";
      break;
  }
  return ExitCode::ok;
}

}  // namespace duel::app

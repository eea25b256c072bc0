// Several runs side by side.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/report/run_record.h"
#include "app/runs/run_summary.h"
#include "app/settings/runs_options.h"

namespace duel::app {

struct ComparedRun {
  RunRecord record;
  RunSummary summary;
};

/// A line of a comparison: what it says of each run, in their order.
struct ComparedRow {
  std::string name;
  std::vector<std::string> values;  ///< "–" where a run does not say
};

/// The settings of config.toml that are not the same in all runs whose settings can be read, in the file's order;
/// neither name nor --outdir, nor those of an optimizer that a run does not have.
std::vector<ComparedRow> different_settings(const std::vector<ComparedRun>& runs);

/// How the runs stand: state, iterations, losses, quality, time.
std::vector<ComparedRow> standings(const std::vector<ComparedRun>& runs);

/// What to say where different_settings() has none: that all are the same, or that nothing could be compared.
std::string without_differences(const std::vector<ComparedRun>& runs);

/// All for the terminal: as many runs side by side as `width` characters hold, the others below them.
std::string comparison_text(const std::vector<ComparedRun>& runs, std::size_t width);
/// As runs_json() and runs_csv(), each with the settings that differ, too, as config.toml has them: "settings", in CSV
/// columns such as "settings/batch-size"; nothing where a run does not say.
std::string comparison_json(const std::vector<ComparedRun>& runs);
std::string comparison_csv(const std::vector<ComparedRun>& runs);

}  // namespace duel::app

// Several runs side by side.
#pragma once

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

/// The settings of config.toml that are not the same in all runs, in the file's order; neither name nor --outdir.
std::vector<ComparedRow> different_settings(const std::vector<ComparedRun>& runs);

/// How the runs stand: state, iterations, losses, quality, time.
std::vector<ComparedRow> standings(const std::vector<ComparedRun>& runs);

/// Both for the terminal.
std::string comparison_text(const std::vector<ComparedRun>& runs);

}  // namespace duel::app

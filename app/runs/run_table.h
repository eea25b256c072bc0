// Lists of runs for people and for programs.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/runs/run_summary.h"

namespace duel::app {

/// Columns of a terminal that the longest line takes.
std::size_t longest_line(const std::string& text);

/// A header and a line for each run. Columns that do not fit into `width` columns are left out, the least important
/// first.
std::string runs_text(const std::vector<RunSummary>& runs, std::size_t width);
/// A run's columns for programs, null where a value is not known.
nlohmann::ordered_json row_json(const RunSummary& run);
/// RFC 4180, all columns, numbers as they are.
std::string runs_csv(const std::vector<RunSummary>& runs);
/// A list of objects with the columns of runs_csv(), null where a value is not known.
std::string runs_json(const std::vector<RunSummary>& runs);

}  // namespace duel::app

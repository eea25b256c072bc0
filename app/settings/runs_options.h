// `runs` and `runs compare`: what trainings have left.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "app/settings/options.h"
#include "engine/measure/result_output.h"

namespace duel::app {

struct RunsOptions : CommandOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<RunsOptions>>& settings();

  std::filesystem::path runs = "runs";  ///< where trainings put theirs
  std::filesystem::path folder;         ///< below which to look; "": runs
  ResultFormat format = ResultFormat::table;
};

inline constexpr std::size_t kMostCompared = 8;  ///< as many as there are colours that one can tell apart

struct CompareRunsOptions : CommandOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<CompareRunsOptions>>& settings();

  std::filesystem::path runs = "runs";            ///< where runs are looked for that are named by number
  std::vector<std::filesystem::path> compared;    ///< folders, numbers or latest
  ResultFormat format = ResultFormat::table;      ///< of what is printed
  std::filesystem::path out = "comparison.html";  ///< the page
};

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const RunsOptions& options);
void validate_options(const CompareRunsOptions& options);

}  // namespace duel::app

// What a run folder says about its run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/report/log_table.h"
#include "app/run_folder/run_outcome.h"
#include "app/settings/config_file.h"
#include "app/settings/training_program.h"

namespace duel::app {

/// A row of kernels.json, for all shapes together.
struct KernelRow {
  std::string op, variant, because;
  int shapes = 0;  ///< how many different ones
};

struct RunRecord {
  const TrainingProgram* program;  ///< whose run it is
  std::filesystem::path folder;
  std::string name;                   ///< of the folder
  std::optional<RunOutcome> outcome;  ///< nothing where the folder does not say
  std::vector<ConfigEntry> settings;  ///< of config.toml; empty where it is absent or cannot be understood
  std::string settings_fault;         ///< why they are; else ""
  std::string device;                 ///< "": unknown
  std::vector<KernelRow> kernels;
  std::string log;  ///< log.txt, or its end
  LogTable stats, convergence;
  std::vector<std::string> class_names;  ///< of `class_shares` in their order; empty where the folder does not say
  std::vector<std::pair<std::int64_t, std::filesystem::path>> samples;  ///< iterations done and picture, ascending
  std::filesystem::path reals;

  /// The setting's value as written, without quotes; "" where there is none.
  std::string setting(const std::string& key) const;
  /// The last iteration that any log knows; 0 where there is none.
  double last_iteration() const;
};

/// "000400.png": iterations, of at most 18 digits. No path is such a name.
bool is_sample_name(const std::string& name);

/// Reads what is there. Absent, unfinished and damaged files are no error: what they would say is left out.
RunRecord read_run(const TrainingProgram& program, const std::filesystem::path& folder);

}  // namespace duel::app

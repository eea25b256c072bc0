// A run in a line: what a list of runs says of it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/report/run_record.h"

namespace duel::app {

/// Numbers are NaN, texts "" where the folder does not say.
struct RunSummary {
  std::filesystem::path folder;
  std::string name;                 ///< its path below the folder that was searched
  std::string state;                ///< the name of its RunEnd
  std::string preset, data, begun;  ///< begun: "2026-01-31 23:59 UTC"
  double iterations, goal, epochs;  ///< done; that were to be done; begun
  double d_loss, g_loss;            ///< means over the last tenth of the log, as single iterations are noisy
  double diversity;                 ///< of the last samples, as a share of real images'
  double classes, all_classes;      ///< found among the last samples; that there are
  double frechet;                   ///< distance that evaluate measured, of the folder's quality.json
  double seconds, images_per_second;
  bool is_alarmed = false;  ///< the last look found a collapse
};

RunSummary summary_of(const RunRecord& run, std::string name);

/// The run folders below `folder`, which may be one itself, up to four levels deep, by name. Links to folders are not
/// followed. Throws DataError where there is no such folder, std::system_error where it cannot be read; of what cannot
/// be read below it `tell` is told in a line, the rest is found.
std::vector<std::filesystem::path> find_runs(const std::filesystem::path& folder,
                                             const std::function<void(const std::string&)>& tell = {});

}  // namespace duel::app

// report.html of a run folder: one page that shows how the run went.
#pragma once

#include <filesystem>
#include <functional>

#include "app/settings/training_program.h"

namespace duel::app {

std::filesystem::path report_file(const std::filesystem::path& run_folder);

/// Writes report.html from what the folder has; absent and damaged files are left out, and the page says
/// so. Throws std::system_error where it cannot be written.
void write_report(const TrainingProgram& program, const std::filesystem::path& run_folder);

/// Writes the report while the run goes on, seldom enough to cost next to nothing however long the logs have become.
class ReportPace {
 public:
  /// `now`: seconds on any monotonic clock.
  ReportPace(const TrainingProgram& program, std::filesystem::path run_folder, std::function<double()> now);

  /// Writes at the first call, then no sooner than 20 seconds and 50 times as long as the last report took after it.
  /// True where it wrote. Throws std::system_error.
  bool write_if_due();

 private:
  const TrainingProgram& program_;
  std::filesystem::path run_folder_;
  std::function<double()> now_;
  double next_;  ///< time
};

}  // namespace duel::app

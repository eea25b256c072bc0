// The page of a run that somebody watches in a browser, and what it asks for.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "app/settings/training_program.h"

namespace duel::app {

struct LiveAnswer {
  int status = 200;  ///< of HTTP
  std::string type;  ///< "image/png"
  std::string body;
  bool is_kept = false;  ///< a browser may show it again without asking: its address changes with it
};

/// Nothing but the run's page, its pictures and report.html is ever answered, whatever is asked for.
class LivePage {
 public:
  /// `now`: seconds on any monotonic clock. Throws DataError where there is no run in the folder.
  LivePage(const TrainingProgram& program, const std::filesystem::path& run_folder, std::function<double()> now);

  /// What is to be answered to a path, without the query: / is the page, /state what it looks at to know whether it has
  /// changed, {"state":"running","version":"..."}, with the state as outcome_name() says it, or "unknown";
  /// /report.html the page as a file; /reals.png and /samples/000400.png. From any thread.
  LiveAnswer answer(const std::string& path);

 private:
  /// A page, and what it was made of.
  struct Made {
    std::string version, state, html;
    double at = 0, took = 0;  ///< seconds
  };
  const Made& newest();
  /// A picture of the run; a link that leads out of its folder is none.
  LiveAnswer picture(const std::string& name) const;

  const TrainingProgram& program_;
  std::filesystem::path run_folder_;  ///< as it was named
  std::filesystem::path canonical_;
  std::function<double()> now_;
  std::mutex mutex_;
  std::optional<Made> made_;  ///< guarded by mutex_
};

}  // namespace duel::app

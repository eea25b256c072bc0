// Which run, and which of its checkpoints, somebody means who says --resume.
#pragma once

#include <filesystem>
#include <string>

namespace duel::app {

/// What to do where config.toml of a run folder is not what training wrote.
inline constexpr const char* kRestoreSettings =
    "; put the run's file back, or write it again: train --print-config with the options that the run began with "
    "prints "
    "it";

struct ResumePoint {
  std::filesystem::path run;         ///< folder
  std::filesystem::path checkpoint;  ///< file
  bool is_newest = false;            ///< nobody asked for this checkpoint, but for the run's newest one
};

/// `named`: a run folder or its latest.safetensors, for the newest checkpoint of the run; another checkpoint in one; or
/// "latest", for the newest run below `runs`. Throws DataError where there is none or it has no checkpoint, UsageError
/// for a file that lies in no run folder.
ResumePoint find_resume_point(const std::string& named, const std::filesystem::path& runs);

}  // namespace duel::app

// Which run, and which of its checkpoints, somebody means who says --resume.
#pragma once

#include <filesystem>
#include <string>

namespace duel::app {

struct ResumePoint {
  std::filesystem::path run;         ///< folder
  std::filesystem::path checkpoint;  ///< file
};

/// `named`: a run folder or its latest.safetensors, for the newest checkpoint of the run; another checkpoint in one; or
/// "latest", for the newest run below `runs`. Throws DataError where there is none or it has no checkpoint, UsageError
/// for a file that lies in no run folder.
ResumePoint find_resume_point(const std::string& named, const std::filesystem::path& runs);

}  // namespace duel::app

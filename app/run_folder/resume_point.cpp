#include "app/run_folder/resume_point.h"

#include "app/errors/exit_code.h"
#include "app/run_folder/checkpoint_folder.h"
#include "engine/io/checkpoint_path.h"
#include "engine/io/data_error.h"
#include "files/text.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

/// A run without a checkpoint is refused, not passed over: the older one before it may have ended long ago.
fs::path checkpoint_of_newest_run(const fs::path& runs) {
  const fs::path newest = newest_run(runs);
  try {
    return find_checkpoint(newest.string(), runs);
  } catch (const DataError& error) {
    const fs::path older = find_checkpoint("latest", runs).parent_path().parent_path();
    throw DataError(std::string(error.what()) + " The newest run that has one: --resume " +
                    shell_word(fs::absolute(older).string()));
  }
}

}  // namespace

ResumePoint find_resume_point(const std::string& named, const fs::path& runs) {
  const fs::path found =
      fs::absolute(named == "latest" ? checkpoint_of_newest_run(runs) : find_checkpoint(named, runs));
  std::error_code error;
  if (!fs::exists(found, error))
    throw DataError("--resume: expected a run folder or one of its checkpoints, found nothing at " + found.string());
  const fs::path checkpoints = fs::canonical(found.parent_path());
  const fs::path run = checkpoints.parent_path();
  if (checkpoints.filename() == "checkpoints" && fs::exists(run / "log.txt") && !fs::exists(run / "config.toml")) {
    throw UsageError((run / "config.toml").string() + ": expected the settings of the run, found no such file" +
                     kRestoreSettings);
  }
  if (checkpoints.filename() != "checkpoints" || !fs::exists(run / "config.toml")) {
    throw UsageError(
        "--resume: expected a run folder, or a checkpoint in one (RUN/checkpoints/N.safetensors beside "
        "RUN/config.toml), found " +
        found.string() + "; --init-from begins a new run with the weights of any file");
  }
  // latest may be older than the newest where the process was killed between the two.
  const CheckpointFolder folder(checkpoints);
  const bool is_newest_wanted = fs::is_directory(named, error) || found.filename() == folder.latest().filename();
  const std::vector<std::int64_t> there = folder.iterations();
  if (is_newest_wanted && !there.empty()) return {run, folder.file(there.back()), true};
  return {run, fs::canonical(found), is_newest_wanted};
}

}  // namespace duel::app

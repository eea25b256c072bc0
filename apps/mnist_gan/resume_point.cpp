#include "apps/mnist_gan/resume_point.h"

#include "apps/mnist_gan/checkpoint_folder.h"
#include "apps/mnist_gan/exit_code.h"
#include "engine/io/checkpoint_path.h"
#include "engine/io/data_error.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

}  // namespace

ResumePoint find_resume_point(const std::string& named, const fs::path& runs) {
  // A run without a checkpoint is refused, not passed over: the older one before it may have ended long ago.
  const fs::path found = fs::absolute(find_checkpoint(named == "latest" ? newest_run(runs).string() : named, runs));
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

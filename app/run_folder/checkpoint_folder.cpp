#include "app/run_folder/checkpoint_folder.h"

#include <algorithm>
#include <string>
#include <system_error>

#include "files/atomic_file.h"
#include "files/numbered_name.h"
#include "files/temporary.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

/// Lets `link` name `target`, a file beside it: readers see the old or the new target. False where the file system has
/// neither symbolic nor hard links (exFAT, network shares, folders that a cloud synchronises).
bool replace_link(const fs::path& link, const fs::path& target) {
  const fs::path temporary = temporary_name(link);
  std::error_code error;
  fs::create_symlink(target.filename(), temporary, error);
  if (error) fs::create_hard_link(target, temporary, error);
  if (error) return false;
  fs::rename(temporary, link, error);
  std::error_code ignored;
  fs::remove(temporary, ignored);  // still there where that failed, or where it and the link were one file
  if (error) throw fs::filesystem_error("cannot replace the link", link, error);
  flush_folder(link.parent_path());
  return true;
}

/// Lets latest.safetensors name `file`, which holds `state`.
void replace_latest(const fs::path& latest, const fs::path& file, const TensorFile& state) {
  if (!replace_link(latest, file)) write_safetensors(latest, state);
}

}  // namespace

fs::path CheckpointFolder::file(std::int64_t iterations) const {
  return path_ / numbered_name(iterations, ".safetensors");
}

std::vector<std::int64_t> CheckpointFolder::iterations() const {
  return numbers_in(path_, ".safetensors");
}

void CheckpointFolder::save(std::int64_t iterations, const TensorFile& state, int keep, std::int64_t interval) const {
  write_safetensors(file(iterations), state);
  replace_latest(latest(), file(iterations), state);
  prune(keep, interval);
}

void CheckpointFolder::prune(int keep, std::int64_t interval) const {
  const std::vector<std::int64_t> there = iterations();
  int kept = 0;
  for (auto number = there.rbegin(); number != there.rend(); ++number) {
    const bool is_asked_for = number == there.rbegin() || interval == 0 || (*number > 0 && *number % interval == 0);
    if (is_asked_for && (keep == 0 || kept < keep)) {
      ++kept;
    } else {
      fs::remove(file(*number));
    }
  }
}

std::vector<std::int64_t> CheckpointFolder::remove_beyond(std::int64_t iterations) const {
  std::vector<std::int64_t> newer = this->iterations();
  std::erase_if(newer, [iterations](std::int64_t number) { return number <= iterations; });
  // The link first: it must not name what is gone.
  if (fs::exists(file(iterations)) && !replace_link(latest(), file(iterations))) {
    write_safetensors(latest(), read_safetensors(file(iterations)));
  }
  for (const std::int64_t number : newer) fs::remove(file(number));
  return newer;
}

}  // namespace duel::app

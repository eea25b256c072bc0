#include "app/run_folder/run_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <system_error>
#include <vector>

#include "app/errors/exit_code.h"
#include "engine/io/checkpoint_path.h"
#include "engine/io/data_error.h"
#include "files/atomic_file.h"
#include "files/descriptor.h"
#include "files/file_lock.h"
#include "files/folders.h"
#include "files/numbered_name.h"
#include "files/temporary.h"
#include "files/text.h"
#include "files/time_text.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPicture = ".png";

/// The entries whose names begin with a number that a run can have, ascending.
std::vector<NumberedEntry> numbered_runs(const fs::path& parent) {
  std::vector<NumberedEntry> runs = numbered_entries(parent);
  std::erase_if(runs, [](const NumberedEntry& entry) { return entry.digits > kMostRunDigits; });
  return runs;
}

/// Removes empty folders without a name after their number: earlier versions used them as locks, and a process that
/// was killed left its lock.
void remove_old_locks(const fs::path& parent) {
  std::error_code error;
  for (const NumberedEntry& entry : numbered_runs(parent)) {
    const bool is_lock = entry.digits >= 5 && entry.rest.empty() && fs::is_directory(entry.path, error);
    if (is_lock) rmdir(entry.path.c_str());  // fails where there is something in it
  }
}

/// Flushes what others have written into the file.
void flush_file(const fs::path& file) {
  const Descriptor opened(without_interruption([&] { return ::open(file.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (opened && without_interruption([&] { return ::fsync(opened.number()); }) == 0) return;
  throw std::system_error(errno, std::generic_category(), "cannot flush " + file.string());
}

/// What a run reads of its own when it goes on: a pipe among them would be waited for.
void require_regular_files(const fs::path& run) {
  for (const char* name :
       {"log.txt", "stats.jsonl", "stats.csv", "convergence.jsonl", "kernels.json", "outcome.json"}) {
    std::error_code error;
    const fs::path file = run / name;
    if (!fs::exists(fs::symlink_status(file, error)) || fs::is_regular_file(file, error)) continue;
    throw DataError(file.string() + ": expected a file of the run, found a folder, pipe, device or broken link; put " +
                    "the run's file back, or remove this one");
  }
}

/// Of a run that was killed while it wrote.
void remove_leftovers_of_run(const fs::path& run) {
  for (const char* folder : {"", "samples", "images", "checkpoints"}) remove_leftovers(run / folder);
}

void remove_leftovers_of_runs(const fs::path& parent) {
  std::error_code ignored;
  for (const NumberedEntry& entry : numbered_runs(parent)) {
    if (fs::is_directory(entry.path, ignored)) remove_leftovers_of_run(entry.path);
  }
}

}  // namespace

void RunFolder::require_parent(const fs::path& parent) {
  fs::path there = fs::absolute(parent);
  while (!fs::exists(fs::symlink_status(there)) && there.has_relative_path()) there = there.parent_path();
  std::string probe = there / ".duel-XXXXXX";
  if (mkdtemp(probe.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "cannot make a run folder below " + parent.string());
  }
  rmdir(probe.c_str());
}

RunFolder RunFolder::create(const fs::path& parent, const std::string& name) {
  make_folders(parent);
  // Whoever holds the lock sees all finished runs.
  const FileLock lock = FileLock::wait_for(parent);
  const std::vector<NumberedEntry> runs = numbered_runs(parent);
  std::int64_t number = runs.empty() ? 0 : runs.back().number + 1;
  remove_old_locks(parent);
  remove_leftovers_of_runs(parent);
  for (; std::to_string(number).size() <= kMostRunDigits; ++number) {
    const fs::path path = parent / (padded(number, 5) + "-" + name);
    if (!make_folder(path)) continue;
    try {
      return RunFolder(path);
    } catch (...) {
      std::error_code ignored;
      fs::remove_all(path, ignored);
      throw;
    }
  }
  throw std::system_error(std::make_error_code(std::errc::file_exists),
                          parent.string() + ": all run numbers are used; name another --outdir");
}

RunFolder RunFolder::open(const fs::path& path) {
  require_regular_files(path);
  RunFolder folder(path);
  remove_leftovers_of_run(path);
  return folder;
}

RunFolder::RunFolder(fs::path path) : path_(std::move(path)) {
  make_folder(path_ / "samples");
  make_folder(path_ / "checkpoints");
  const fs::path log = path_ / "log.txt";
  errno = 0;
  log_.open(log, std::ios::app);
  check_log();
  lock_ = FileLock::try_for(log);
  if (!lock_)
    throw UsageError(path_.string() + ": another process is training in this run folder; wait for it, or stop it");
  flush_folder(path_);
}

fs::path RunFolder::sample_file(std::int64_t iterations) const {
  return samples_folder() / numbered_name(iterations, kPicture);
}

fs::path RunFolder::script_picture_file(std::int64_t iteration) const {
  return images_folder() / (std::to_string(iteration) + kPicture);
}

void RunFolder::flush_logs() const {
  for (const fs::path& file : {app::stats_file(path_), convergence_file(), path_ / "log.txt"}) {
    if (fs::exists(file)) flush_file(file);
  }
}

void RunFolder::write_config(const std::string& text) const {
  write_file_atomically(path_ / "config.toml", text);
}

void RunFolder::write_kernels(const std::string& text) const {
  write_file_atomically(path_ / "kernels.json", text);
}

void RunFolder::write_outcome(RunOutcome outcome) const {
  const auto before = read_outcome(path_);
  outcome.version = DUEL_VERSION;
  outcome.begun = before ? before->begun : utc_text(std::time(nullptr));
  write_file_atomically(path_ / "outcome.json", to_json(outcome));
}

void RunFolder::log(const std::string& line) {
  errno = 0;
  log_ << printable(line) << "\n" << std::flush;
  check_log();
}

void RunFolder::check_log() const {
  if (log_) return;
  throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(),
                          "cannot write " + (path_ / "log.txt").string() +
                              " (a run goes on in its own folder: check permissions and space, or copy it; --init-from "
                              "begins a new run with its weights)");
}

}  // namespace duel::app

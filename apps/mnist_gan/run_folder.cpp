#include "apps/mnist_gan/run_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "apps/mnist_gan/exit_code.h"
#include "apps/mnist_gan/numbered_name.h"
#include "engine/io/data_error.h"
#include "files/atomic_file.h"
#include "files/descriptor.h"
#include "files/file_lock.h"
#include "files/folders.h"
#include "files/temporary.h"
#include "files/text.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPicture = ".png";
constexpr std::size_t kMostDigits = 7;  // longer numbers, such as dates, are no run's

/// The number before the first character that is no digit; -1 where there is none or it is no run's.
std::int64_t leading_number(const std::string& name) {
  const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
  return digits == 0 || digits > kMostDigits ? -1 : std::stoll(name.substr(0, digits));
}

/// Removes empty folders without a name behind their number: earlier versions used them as locks, and a process that
/// was killed left its lock.
void remove_old_locks(const fs::path& parent) {
  std::error_code error;
  for (const fs::directory_entry& entry : entries_of(parent)) {
    const std::string name = entry.path().filename().string();
    const bool is_lock = name.size() >= 5 && leading_number(name) >= 0 &&
                         name.find_first_not_of("0123456789") == std::string::npos && entry.is_directory(error);
    if (is_lock) rmdir(entry.path().c_str());  // fails where there is something in it
  }
}

/// The largest number that a folder's name in `parent` begins with; -1: none.
std::int64_t largest_number(const fs::path& parent) {
  std::int64_t largest = -1;
  for (const fs::directory_entry& entry : entries_of(parent)) {
    largest = std::max(largest, leading_number(entry.path().filename().string()));
  }
  return largest;
}

/// Flushes what others have written into the file.
void flush_file(const fs::path& file) {
  const Descriptor opened(without_interruption([&] { return ::open(file.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (opened && without_interruption([&] { return ::fsync(opened.number()); }) == 0) return;
  throw std::system_error(errno, std::generic_category(), "cannot flush " + file.string());
}

/// What a run reads of its own when it goes on: a pipe among them would be waited for.
void require_regular_files(const fs::path& run) {
  for (const char* name : {"log.txt", "stats.jsonl", "convergence.jsonl", "kernels.json", "outcome.json"}) {
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
  for (const fs::directory_entry& entry : entries_of(parent)) {
    if (leading_number(entry.path().filename().string()) < 0 || !entry.is_directory()) continue;
    remove_leftovers_of_run(entry.path());
  }
}

}  // namespace

void RunFolder::require_parent(const fs::path& parent) {
  fs::path there = fs::absolute(parent);
  while (!fs::exists(fs::symlink_status(there)) && there.has_relative_path()) there = there.parent_path();
  std::string probe = there / ".mnist_gan-XXXXXX";
  if (mkdtemp(probe.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "cannot make a run folder below " + parent.string());
  }
  rmdir(probe.c_str());
}

RunFolder RunFolder::create(const fs::path& parent, const std::string& name) {
  make_folders(parent);
  // Whoever holds the lock sees all finished runs.
  const FileLock lock = FileLock::wait_for(parent);
  std::int64_t number = largest_number(parent) + 1;
  remove_old_locks(parent);
  remove_leftovers_of_runs(parent);
  for (; std::to_string(number).size() <= kMostDigits; ++number) {
    const fs::path path = parent / (padded(number, 5) + "-" + name);
    if (!fs::create_directory(path)) continue;
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
  fs::create_directory(path_ / "samples");
  fs::create_directory(path_ / "checkpoints");
  const fs::path log = path_ / "log.txt";
  errno = 0;
  log_.open(log, std::ios::app);
  check_log();
  lock_ = FileLock::try_for(log);
  if (!lock_)
    throw UsageError(path_.string() + ": another process is training in this run folder; wait for it, or stop it");
  flush_folder(path_);
  flush_folder(path_.has_parent_path() ? path_.parent_path() : ".");
}

fs::path RunFolder::sample_file(std::int64_t iterations) const {
  return samples_folder() / numbered_name(iterations, kPicture);
}

fs::path RunFolder::script_picture_file(std::int64_t iteration) const {
  return images_folder() / (std::to_string(iteration) + kPicture);
}

void RunFolder::flush_logs() const {
  for (const fs::path& file : {stats_file(), convergence_file(), path_ / "log.txt"}) {
    if (fs::exists(file)) flush_file(file);
  }
}

void RunFolder::write_config(const std::string& text) const {
  write_file_atomically(path_ / "config.toml", text);
}

void RunFolder::write_kernels(const std::string& text) const {
  write_file_atomically(path_ / "kernels.json", text);
}

void RunFolder::write_outcome(const RunOutcome& outcome) const {
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
                          "cannot write " + (path_ / "log.txt").string());
}

}  // namespace duel::app

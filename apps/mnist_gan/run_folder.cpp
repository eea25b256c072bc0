#include "apps/mnist_gan/run_folder.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

#include "files/atomic_file.h"
#include "files/file_lock.h"
#include "files/temporary.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostDigits = 7;  // longer numbers, such as dates, are no run's

std::string padded(std::int64_t number, int digits) {
  char text[32];
  std::snprintf(text, sizeof(text), "%0*lld", digits, static_cast<long long>(number));
  return text;
}

/// The number before the first character that is no digit; -1 where there is none or it is no run's.
std::int64_t leading_number(const std::string& name) {
  const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
  return digits == 0 || digits > kMostDigits ? -1 : std::stoll(name.substr(0, digits));
}

/// Removes empty folders without a name behind their number: earlier versions used them as locks, and a process that
/// was killed left its lock.
void remove_old_locks(const fs::path& parent) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent)) {
    const std::string name = entry.path().filename().string();
    const bool is_lock = name.size() >= 5 && leading_number(name) >= 0 &&
                         name.find_first_not_of("0123456789") == std::string::npos && entry.is_directory(error);
    if (is_lock) rmdir(entry.path().c_str());  // fails where there is something in it
  }
}

/// The largest number that a folder's name in `parent` begins with; -1: none.
std::int64_t largest_number(const fs::path& parent) {
  std::int64_t largest = -1;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent)) {
    largest = std::max(largest, leading_number(entry.path().filename().string()));
  }
  return largest;
}

std::vector<fs::path> numbered_checkpoints(const fs::path& folder) {
  std::vector<std::pair<std::int64_t, fs::path>> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string stem = entry.path().stem().string();
    const bool is_number = !stem.empty() && stem.find_first_not_of("0123456789") == std::string::npos;
    if (!is_number || stem.size() > 18 || entry.path().extension() != ".safetensors") continue;
    found.emplace_back(std::stoll(stem), entry.path());
  }
  std::sort(found.begin(), found.end());
  std::vector<fs::path> files;
  for (auto& [number, file] : found) files.push_back(std::move(file));
  return files;
}

/// Makes `folder` and what is missing above it, so that a power cut leaves it there.
void make_folders(const fs::path& folder) {
  const fs::path parent = folder.has_parent_path() ? folder.parent_path() : ".";
  if (fs::exists(folder)) {
    fs::create_directories(folder);  // throws where it is none
    return;
  }
  if (parent != folder) make_folders(parent);
  fs::create_directory(folder);
  flush_folder(parent);
}

/// Of runs that were killed while they wrote.
void remove_leftovers_of_runs(const fs::path& parent) {
  for (const fs::directory_entry& entry : fs::directory_iterator(parent)) {
    if (leading_number(entry.path().filename().string()) < 0 || !entry.is_directory()) continue;
    for (const char* folder : {"", "samples", "images", "checkpoints"}) remove_leftovers(entry.path() / folder);
  }
}

/// Lets `link` name `target`, a file beside it: readers see the old or the new target. False where the file system has
/// neither symbolic nor hard links (exFAT, network shares, folders that a cloud synchronises).
bool replace_link(const fs::path& link, const fs::path& target) {
  const fs::path temporary = temporary_name(link);
  std::error_code error;
  fs::create_symlink(target.filename(), temporary, error);
  if (error) fs::create_hard_link(target, temporary, error);
  if (error) return false;
  fs::rename(temporary, link);
  fs::remove(temporary);  // still there where it and the link were one file
  flush_folder(link.parent_path());
  return true;
}

}  // namespace

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

RunFolder::RunFolder(fs::path path) : path_(std::move(path)) {
  fs::create_directory(path_ / "samples");
  fs::create_directory(path_ / "checkpoints");
  log_.open(path_ / "log.txt");
  flush_folder(path_);
  flush_folder(path_.parent_path());
}

fs::path RunFolder::sample_file(std::int64_t iterations) const {
  return path_ / "samples" / (padded(iterations, 6) + ".png");
}

fs::path RunFolder::script_picture_file(std::int64_t iteration) const {
  return images_folder() / (std::to_string(iteration) + ".png");
}

fs::path RunFolder::checkpoint_file(std::int64_t iterations) const {
  return path_ / "checkpoints" / (padded(iterations, 6) + ".safetensors");
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
  log_ << line << "\n" << std::flush;
  if (log_) return;
  throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(),
                          "cannot write " + (path_ / "log.txt").string());
}

void RunFolder::save_checkpoint(std::int64_t iterations, const TensorFile& state, int keep) const {
  const fs::path file = checkpoint_file(iterations);
  write_safetensors(file, state);
  if (!replace_link(latest_checkpoint(), file)) write_safetensors(latest_checkpoint(), state);
  if (keep == 0) return;
  const std::vector<fs::path> files = numbered_checkpoints(file.parent_path());
  for (std::size_t i = 0; i + static_cast<std::size_t>(keep) < files.size(); ++i) fs::remove(files[i]);
}

}  // namespace duel::app

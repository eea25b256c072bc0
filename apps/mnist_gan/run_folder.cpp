#include "apps/mnist_gan/run_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

#include "engine/io/atomic_file.h"

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

/// Folders in `parent` whose name begins with `number`, and the largest number of all (-1: none).
struct Census {
  std::int64_t largest = -1;
  int with_number = 0;
};
Census take_census(const fs::path& parent, std::int64_t number) {
  Census census;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent)) {
    const std::int64_t found = leading_number(entry.path().filename().string());
    census.largest = std::max(census.largest, found);
    if (found >= 0 && found == number) ++census.with_number;
  }
  return census;
}

/// Makes a folder; false where the name is taken. fs::create_directory() throws instead where another process removes
/// the name at that moment.
bool make_folder(const fs::path& folder) {
  if (mkdir(folder.c_str(), 0777) == 0) return true;
  if (errno == EEXIST) return false;
  throw std::system_error(errno, std::generic_category(), "cannot make the folder " + folder.string());
}

/// Tries one number. The bare folder "00007" is the lock: mkdir succeeds for one process only, whatever name its run
/// has. Whoever holds it sees all finished runs, and takes the number only if none has it.
bool claim(const fs::path& parent, std::int64_t number, const std::string& name) {
  const fs::path lock = parent / padded(number, 5);
  if (!make_folder(lock)) return false;
  const bool is_free = take_census(parent, number).with_number == 1;  // the lock itself
  const bool is_made = is_free && make_folder(parent / (padded(number, 5) + "-" + name));
  fs::remove(lock);
  return is_made;
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

/// Flushes a folder's entries to disk, so that a link survives a power cut.
void flush_folder(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_flushed = descriptor >= 0 && fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (!is_flushed) throw std::system_error(error, std::generic_category(), "cannot flush " + folder.string());
}

void write_text(const fs::path& file, const std::string& text) {
  const std::span<const std::byte> bytes = std::as_bytes(std::span(text));
  write_file_atomically(file, std::span(&bytes, 1));
}

/// Lets `link` name `target`, a file beside it: readers see the old or the new target.
void replace_link(const fs::path& link, const fs::path& target) {
  const fs::path temporary = link.string() + "." + std::to_string(getpid()) + ".tmp";
  fs::remove(temporary);
  fs::create_symlink(target.filename(), temporary);
  fs::rename(temporary, link);
  flush_folder(link.parent_path());
}

}  // namespace

RunFolder RunFolder::create(const fs::path& parent, const std::string& name) {
  fs::create_directories(parent);
  std::int64_t number = take_census(parent, -1).largest + 1;
  for (; std::to_string(number).size() <= kMostDigits; ++number) {
    if (claim(parent, number, name)) return RunFolder(parent / (padded(number, 5) + "-" + name));
  }
  throw std::system_error(std::make_error_code(std::errc::file_exists),
                          parent.string() + ": all run numbers are used; name another --outdir");
}

RunFolder::RunFolder(fs::path path) : path_(std::move(path)) {
  fs::create_directory(path_ / "samples");
  fs::create_directory(path_ / "checkpoints");
  log_.open(path_ / "log.txt");
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
  write_text(path_ / "config.toml", text);
}

void RunFolder::write_kernels(const std::string& text) const {
  write_text(path_ / "kernels.json", text);
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
  replace_link(latest_checkpoint(), file);
  if (keep == 0) return;
  const std::vector<fs::path> files = numbered_checkpoints(file.parent_path());
  for (std::size_t i = 0; i + static_cast<std::size_t>(keep) < files.size(); ++i) fs::remove(files[i]);
}

}  // namespace duel::app

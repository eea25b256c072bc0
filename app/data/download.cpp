#include "app/data/download.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <system_error>

#include "app/data/http_transfer.h"
#include "engine/io/data_error.h"
#include "files/atomic_file.h"
#include "files/descriptor.h"
#include "files/text.h"
#include "kernels/external/sha256.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, const std::string& step) {
  throw std::system_error(
      errno, std::generic_category(),
      "cannot write " + in_quotes(file) + " (" + step + "); check the folder, permissions and space");
}

/// Bytes that arrive, appended to those of an earlier call.
class PartialFile {
 public:
  PartialFile(fs::path file, std::uint64_t most) : file_(std::move(file)), most_(most) {
    descriptor_ = Descriptor(without_interruption(
        [&] { return ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_APPEND, 0666); }));
    struct stat status {};
    if (!descriptor_ || ::fstat(descriptor_.number(), &status) != 0) fail(file_, "opening it");
    bytes_ = static_cast<std::uint64_t>(status.st_size);
    if (!S_ISREG(status.st_mode) || bytes_ > most_) restart();
  }

  std::uint64_t bytes() const { return bytes_; }
  const fs::path& path() const { return file_; }

  void restart() {
    if (::ftruncate(descriptor_.number(), 0) != 0) fail(file_, "emptying it");
    bytes_ = 0;
  }
  /// Returns false where it would become larger than it may.
  bool append(std::string_view bytes) {
    if (bytes.size() > most_ - bytes_) return false;
    while (!bytes.empty()) {
      const auto written =
          without_interruption([&] { return ::write(descriptor_.number(), bytes.data(), bytes.size()); });
      if (written <= 0) fail(file_, "writing it");
      bytes.remove_prefix(static_cast<std::size_t>(written));
      bytes_ += static_cast<std::uint64_t>(written);
    }
    return true;
  }
  void rename_to(const fs::path& target) {
    if (without_interruption([&] { return ::fsync(descriptor_.number()); }) != 0) fail(file_, "flushing it to disk");
    if (std::rename(file_.c_str(), target.c_str()) != 0) fail(target, "renaming it");
    flush_folder(target.parent_path());
  }

 private:
  fs::path file_;
  std::uint64_t most_, bytes_ = 0;
  Descriptor descriptor_;
};

/// "" where it is that file.
std::string difference(const DownloadFile& file, const fs::path& found) {
  std::error_code error;
  const std::uint64_t bytes = fs::file_size(found, error);
  if (error || bytes != file.bytes) {
    return "expected " + std::to_string(file.bytes) + " bytes, found " +
           (error ? error.message() : std::to_string(bytes));
  }
  const std::string sum = sha256_of_file(found);
  return sum == file.sha256 ? "" : "expected SHA-256 " + file.sha256 + ", found " + sum;
}

/// Takes what is missing of the file from there. Returns "" where it is whole, else what is wrong; what cannot be of
/// use to the next mirror is removed then.
std::string take_from(const std::string& url, const DownloadFile& file, PartialFile& part,
                      const DownloadOptions& options) {
  for (int attempt = 0;; ++attempt) {
    const bool goes_on = part.bytes() > 0;
    if (part.bytes() < file.bytes) {
      bool is_too_long = false;
      const TransferSink sink = {[&] { part.restart(); },
                                 [&](std::string_view bytes) {
                                   is_too_long = !part.append(bytes);
                                   if (options.progress) options.progress(part.bytes());
                                   return !is_too_long;
                                 }};
      const std::string problem = transfer(url, part.bytes(), options.patience, sink);
      if (is_too_long) {
        part.restart();
        return "it sends more than the " + std::to_string(file.bytes) + " bytes of the file";
      }
      const bool cannot_go_on = goes_on && part.bytes() == 0;
      if (cannot_go_on && attempt == 0) continue;
      if (!problem.empty()) return problem;
    }
    const std::string wrong = difference(file, part.path());
    if (wrong.empty()) return "";
    const bool ends_early = part.bytes() < file.bytes;
    part.restart();
    if (ends_early) return "it has a shorter file: " + wrong;
    if (!goes_on || attempt > 0) return "it has another file: " + wrong;
    // The beginning may be of a mirror that had another file: once more, from there alone.
  }
}

}  // namespace

std::string sha256_of_file(const fs::path& file) {
  const Descriptor opened(without_interruption([&] { return ::open(file.c_str(), O_RDONLY | O_CLOEXEC); }));
  struct stat status {};
  if (!opened || ::fstat(opened.number(), &status) != 0) {
    throw DataError(file.string() + ": expected a readable file, found an error (" +
                    std::generic_category().message(errno) + "). Check its permissions.");
  }
  if (status.st_size == 0) return sha256("");
  const auto bytes = static_cast<std::size_t>(status.st_size);
  void* const mapped = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, opened.number(), 0);
  if (mapped == MAP_FAILED) {
    throw DataError(file.string() + ": expected a readable file, found an error (" +
                    std::generic_category().message(errno) + "). Copy it to another disk.");
  }
  const std::string sum = sha256({static_cast<const char*>(mapped), bytes});
  ::munmap(mapped, bytes);
  return sum;
}

bool download_file(const DownloadFile& file, const std::vector<std::string>& mirrors, const fs::path& target,
                   const DownloadOptions& options) {
  std::error_code error;
  if (fs::symlink_status(target, error).type() != fs::file_type::not_found) {
    const std::string wrong = difference(file, target);
    if (wrong.empty()) return false;
    throw DataError(target.string() + ": it is another file than the published one: " + wrong +
                    ". Name another folder with --out, or remove it.");
  }
  require_transfers();
  PartialFile part(target.string() + ".part", file.bytes);
  std::string problems;
  for (const std::string& mirror : mirrors) {
    const std::string url = mirror + file.name;
    const std::string problem = take_from(url, file, part, options);
    if (problem.empty()) {
      part.rename_to(target);
      return true;
    }
    problems += "\n  " + url + ": " + problem;
    if (options.note && &mirror != &mirrors.back()) options.note(url + ": " + problem + "; trying the next mirror");
  }
  if (part.bytes() == 0) fs::remove(part.path(), error);
  const bool are_here = std::all_of(mirrors.begin(), mirrors.end(),
                                    [](const std::string& mirror) { return mirror.starts_with("file:"); });
  if (are_here)
    throw DataError(file.name + " could not be copied:" + problems + "\nCheck the folder that --mirror names.");
  throw DataError(
      file.name + " could not be downloaded:" + problems +
      "\nCheck the network, or the proxy that https_proxy names, and try again: what has arrived is kept. Or "
      "take the files from elsewhere with --mirror URL.");
}

}  // namespace duel::app

#include "files/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include "files/atomic_file.h"
#include "files/temporary.h"
#include "files/text.h"

namespace duel {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;                // as Linux allows
constexpr std::streamsize kBeginning = 4096;  // bytes of a file that tell what it is
constexpr std::chrono::milliseconds kBetweenTries{10};

/// The N of /dev/fd/N, /proc/self/fd/N and other names of the same; nothing for other files.
std::optional<int> descriptor_named_by(const fs::path& path) {
  const std::string digits = path.filename().native();
  int number = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number < 0) return std::nullopt;
  std::error_code ignored;
  const std::string folder = fs::canonical(path.parent_path(), ignored).native();
  const std::string process = "/proc/" + std::to_string(::getpid());
  const bool is_mine = folder == process + "/fd" || (folder.starts_with(process + "/task/") && folder.ends_with("/fd"));
  return is_mine ? std::optional(number) : std::nullopt;
}

bool is_same(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

std::string without_white_space(std::string text) {
  std::erase_if(text, [](unsigned char c) { return std::isspace(c) != 0; });
  return text;
}

/// Whether the file begins with the text, white space aside.
bool begins_with(const fs::path& file, const std::string& text) {
  std::string found(kBeginning, '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(found.data(), kBeginning);
  found.resize(static_cast<std::size_t>(in.gcount()));
  return without_white_space(found).starts_with(without_white_space(text));
}

}  // namespace

OutputFile::OutputFile(std::string option, fs::path file, std::string beginning, std::chrono::milliseconds patience)
    : option_(std::move(option)), beginning_(std::move(beginning)), name_(std::move(file)), target_(name_) {
  if (!is_named()) return;
  follow_links();
  if (descriptor_) return;
  struct stat status {};
  const bool exists = ::stat(target_.c_str(), &status) == 0;
  if (!exists && errno != ENOENT) {
    const bool is_no_name = errno == ENOTDIR || errno == ENAMETOOLONG || errno == ELOOP;
    if (is_no_name) refuse(std::generic_category().message(errno));
    fail(errno, "looking at it");
  }
  if (!exists) {
    const fs::path folder = target_.has_parent_path() ? target_.parent_path() : ".";
    if (!fs::is_directory(folder)) refuse("that the folder " + folder.string() + " does not exist");
    if (target_.filename().empty()) refuse("a folder");
    remove_leftovers(folder, target_.filename().native());
    try_to_write_beside(target_);
  } else if (S_ISREG(status.st_mode)) {
    check_regular(status);
  } else if (S_ISDIR(status.st_mode)) {
    refuse("a folder");
  } else if (S_ISBLK(status.st_mode)) {
    refuse("a block device");
  } else {
    open_device(status, patience);
  }
}

void OutputFile::follow_links() {
  for (int links = 0; links <= kMostLinks; ++links) {
    if (const auto number = descriptor_named_by(target_)) return open_descriptor_of_process(*number);
    std::error_code error;
    if (!fs::is_symlink(fs::symlink_status(target_, error))) return;
    const fs::path to = fs::read_symlink(target_, error);
    if (error) fail(error.value(), "reading the link " + target_.string());
    target_ = to.is_absolute() ? to : target_.parent_path() / to;
  }
  refuse("a loop of symbolic links");
}

void OutputFile::open_descriptor_of_process(int number) {
  const int flags = ::fcntl(number, F_GETFL);
  const bool is_own = (::fcntl(number, F_GETFD) & FD_CLOEXEC) != 0;  // opened by this process for itself
  if (flags == -1 || is_own || (flags & O_ACCMODE) == O_RDONLY) {
    refuse("descriptor " + std::to_string(number) + ", which is not open for writing");
  }
  descriptor_ = Descriptor(::fcntl(number, F_DUPFD_CLOEXEC, 3));
  if (!descriptor_) fail(errno, "opening it");
}

void OutputFile::check_regular(const struct stat& status) const {
  for (const int number : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat standard {};
    if (::fstat(number, &standard) == 0 && is_same(standard, status)) {
      refuse("the file that standard " + std::string(number == STDOUT_FILENO ? "output" : "error") + " goes to");
    }
  }
  const fs::path folder = target_.has_parent_path() ? target_.parent_path() : ".";
  remove_leftovers(folder, target_.filename().native());
  // A file that must not be written stays, whatever its folder allows.
  const Descriptor file(::open(target_.c_str(), O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file) fail(errno, "opening it");
  if (would_lose_a_file()) refuse("a file that is neither empty nor an earlier result of this command, and stays");
  try_to_write_beside(target_);
}

bool OutputFile::would_lose_a_file() const {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(target_, error);
  if (error || size == 0) return false;
  return beginning_.empty() || !begins_with(target_, beginning_);
}

void OutputFile::open_device(const struct stat& status, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  const auto open = [&] { return ::open(target_.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC); };
  descriptor_ = Descriptor(without_interruption(open));
  // ENXIO: nobody has opened the pipe for reading yet.
  while (!descriptor_ && errno == ENXIO && S_ISFIFO(status.st_mode) && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kBetweenTries);
    descriptor_ = Descriptor(without_interruption(open));
  }
  if (!descriptor_) fail(errno, errno == ENXIO ? "opening it: nobody reads it" : "opening it");
  ::fcntl(descriptor_.number(), F_SETFL, ::fcntl(descriptor_.number(), F_GETFL) & ~O_NONBLOCK);
}

void OutputFile::keep_apart_from(const std::vector<fs::path>& inputs) const {
  if (!is_named()) return;
  struct stat mine {};
  const int result = descriptor_ ? ::fstat(descriptor_.number(), &mine) : ::stat(target_.c_str(), &mine);
  if (result != 0 || !S_ISREG(mine.st_mode)) return;
  for (const fs::path& input : inputs) {
    struct stat other {};
    if (::stat(input.c_str(), &other) == 0 && is_same(mine, other))
      refuse(input.string() + ", which this command reads");
  }
}

void OutputFile::write(std::string_view text) {
  if (!descriptor_) {
    if (would_lose_a_file()) fail(EEXIST, "replacing what is there by now, no earlier result of this command");
    return write_file_atomically(target_, text);
  }
  std::cout.flush();  // it may be the same descriptor
  while (!text.empty()) {
    const auto written = without_interruption([&] { return ::write(descriptor_.number(), text.data(), text.size()); });
    if (written < 0 && errno == EAGAIN) {  // the shell's descriptor may be one that does not wait
      std::this_thread::sleep_for(kBetweenTries);
      continue;
    }
    if (written <= 0) fail(written < 0 ? errno : EIO, "writing");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (!descriptor_.close()) fail(errno, "closing it");
}

void OutputFile::refuse(const std::string& found) const {
  throw std::invalid_argument(option_ + ": " + in_quotes(name_) + ": expected a file to write, found " + found +
                              "; name another one");
}

void OutputFile::fail(int error, const std::string& step) const {
  throw std::system_error(error, std::generic_category(),
                          option_ + ": cannot write " + in_quotes(name_) + " (" + step + ")");
}

}  // namespace duel

#include "files/temporary.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <ctime>
#include <fstream>
#include <optional>
#include <system_error>
#include <vector>

namespace duel {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 200;  // of 255 bytes, without the ending
constexpr std::time_t kOld = 10;           // seconds, much longer than from making a temporary to holding it

/// The process of "NAME.<process>-<number>.tmp"; nothing for other names.
std::optional<pid_t> process_of(const std::string& name) {
  const std::string ending = ".tmp";
  if (!name.ends_with(ending)) return std::nullopt;
  const std::size_t end = name.size() - ending.size(), dot = name.rfind('.', end - 1);
  if (end == 0 || dot == std::string::npos || dot == 0) return std::nullopt;
  pid_t process = 0;
  unsigned number = 0;
  const char* const last = name.data() + end;
  const auto [dash, error] = std::from_chars(name.data() + dot + 1, last, process);
  if (error != std::errc() || process <= 0 || dash == last || *dash != '-') return std::nullopt;
  const auto [rest, other_error] = std::from_chars(dash + 1, last, number);
  if (other_error != std::errc() || rest != last) return std::nullopt;
  return process;
}

/// A process that has ended but that its parent has not asked about (a zombie) runs no more.
bool is_running(pid_t process) {
  if (::kill(process, 0) != 0 && errno == ESRCH) return false;
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string status;
  std::getline(file, status);
  const std::size_t name_end = status.rfind(") ");  // the name may hold anything
  return name_end == std::string::npos || status.compare(name_end + 2, 1, "Z") != 0;
}

/// Whether somebody else keeps it. Symbolic links cannot be held: they are renamed as soon as they are made.
bool is_held(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  return !file || ::flock(file.number(), LOCK_EX | LOCK_NB) != 0;
}

bool is_left_over(const fs::path& path, pid_t process) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return false;
  const bool is_link = S_ISLNK(status.st_mode);
  if (!is_link && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return false;
  if (is_running(process) && std::time(nullptr) - status.st_mtime <= kOld) return false;
  return is_link || !is_held(path);
}

}  // namespace

fs::path temporary_name(const fs::path& target) {
  static std::atomic<unsigned> count{0};  // two threads may write beside each other
  fs::path name = target;
  if (name.filename().native().size() > kLongestName) {
    name.replace_filename(name.filename().native().substr(0, kLongestName));
  }
  name += "." + std::to_string(::getpid()) + "-" + std::to_string(count++) + ".tmp";
  return name;
}

void hold_temporary(const Descriptor& temporary) {
  // Where the file system knows no locks, nobody gets one to remove it either.
  without_interruption([&] { return ::flock(temporary.number(), LOCK_EX | LOCK_NB); });
}

void remove_leftovers(const fs::path& folder, const std::string& beginning) noexcept {
  try {
    std::vector<fs::path> leftovers;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename().native();
      if (!name.starts_with(beginning)) continue;
      const auto process = process_of(name);
      if (process && is_left_over(entry.path(), *process)) leftovers.push_back(entry.path());
    }
    std::error_code ignored;
    for (const fs::path& path : leftovers) fs::remove_all(path, ignored);
  } catch (const std::exception&) {  // a folder that cannot be read keeps what it has
  }
}

}  // namespace duel

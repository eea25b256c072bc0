#include "files/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

namespace duel {

FileLock::FileLock(const std::filesystem::path& path) {
  // NFS locks only what is open for writing; folders cannot be.
  for (const int access : {O_RDWR, O_RDONLY}) {
    descriptor_ = Descriptor(without_interruption([&] { return open(path.c_str(), access | O_CLOEXEC | O_NONBLOCK); }));
    if (descriptor_) return;
  }
  throw std::system_error(errno, std::generic_category(), "cannot open " + path.string());
}

bool FileLock::lock(int operation) const {
  const int result = without_interruption([&] { return flock(descriptor_.number(), operation); });
  return result == 0 || errno != EWOULDBLOCK;
}

FileLock FileLock::wait_for(const std::filesystem::path& path) {
  FileLock made(path);
  made.lock(LOCK_EX);
  return made;
}

std::optional<FileLock> FileLock::try_for(const std::filesystem::path& path) {
  // Whoever asks is_held() shares the lock for microseconds.
  constexpr int kTries = 10;
  constexpr std::chrono::milliseconds kPause(5);
  FileLock made(path);
  for (int i = 1; !made.lock(LOCK_EX | LOCK_NB); ++i) {
    if (i == kTries) return std::nullopt;
    std::this_thread::sleep_for(kPause);
  }
  return made;
}

bool FileLock::is_held(const std::filesystem::path& path) {
  return !FileLock(path).lock(LOCK_SH | LOCK_NB);
}

}  // namespace duel

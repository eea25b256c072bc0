#include "files/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace duel {

FileLock::FileLock(const std::filesystem::path& path) : descriptor_(-1) {
  // NFS locks only what is open for writing; folders cannot be.
  descriptor_ = open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "cannot open " + path.string());
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool FileLock::lock(int operation) const {
  int result = flock(descriptor_, operation);
  while (result != 0 && errno == EINTR) result = flock(descriptor_, operation);
  return result == 0 || errno != EWOULDBLOCK;
}

FileLock FileLock::wait_for(const std::filesystem::path& path) {
  FileLock made(path);
  made.lock(LOCK_EX);
  return made;
}

std::optional<FileLock> FileLock::try_for(const std::filesystem::path& path) {
  FileLock made(path);
  if (!made.lock(LOCK_EX | LOCK_NB)) return std::nullopt;
  return made;
}

}  // namespace duel

#include "tests/files/faults/file_faults.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <string_view>

namespace duel::test {
namespace {

// Constant from the start: other libraries' constructors open files, too.
constinit FileFaults faults;
constinit std::atomic<bool> is_active = false;
constinit std::atomic<int> count = 0;
constinit char failing_name[16] = "";
constinit char renamed[4096] = "";

/// The system's own calls: these are not counted.
void say(int descriptor, std::string_view text) {
  syscall(SYS_write, descriptor, text.data(), text.size());
}

bool is_counted(std::string_view name) {
  if (faults.names == nullptr) return true;
  const std::string_view names = faults.names;
  for (std::size_t at = 0; at < names.size();) {
    const std::size_t end = std::min(names.find(' ', at), names.size());
    if (names.substr(at, end - at) == name) return true;
    at = end + 1;
  }
  return false;
}

void record(int number, std::string_view name, const char* path) {
  char line[4400];
  const int size =
      snprintf(line, sizeof line, "%d %.*s %s\n", number, static_cast<int>(name.size()), name.data(), path);
  say(faults.trace, {line, static_cast<std::size_t>(std::min(size, static_cast<int>(sizeof line) - 1))});
}

enum class Interruption { never, possible };

/// Counts an operation. True where it is to fail; sets errno then.
bool fails(std::string_view name, const char* path, Interruption interruption) {
  if (!is_active || !is_counted(name)) return false;
  const int number = ++count;
  const bool is_chosen =
      number == faults.failing_operation ||
      (faults.goes_on && faults.failing_operation > 0 && number > faults.failing_operation && name == failing_name);
  if (faults.trace >= 0 && (is_chosen || faults.failing_operation == 0)) record(number, name, path);
  if (is_chosen && faults.kills) kill(getpid(), SIGKILL);
  if (is_chosen && number == faults.failing_operation) name.copy(failing_name, sizeof failing_name - 1);
  const bool is_interrupted = faults.interrupts && interruption == Interruption::possible && number % 2 == 1;
  if (is_interrupted) errno = EINTR;
  if (is_chosen) errno = faults.error;
  return is_interrupted || is_chosen;
}

struct PathOf {
  explicit PathOf(int descriptor) {
    if (!is_active) return;
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const int before = errno;
    const auto size = syscall(SYS_readlink, link, text, sizeof text - 1);
    if (size < 0) snprintf(text, sizeof text, "descriptor %d", descriptor);
    errno = before;
  }
  explicit PathOf(FILE* stream) : PathOf(stream == nullptr ? -1 : fileno(stream)) {}
  char text[4096] = "";
};

bool fails(std::string_view name, const PathOf& path, Interruption interruption) {
  return fails(name, path.text, interruption);
}

std::size_t shortened(std::size_t bytes) {
  return is_active ? std::min(bytes, faults.longest) : bytes;
}

/// A stream that could not write knows it afterwards.
void remember_failure(FILE* stream) {
  stream->_flags |= _IO_ERR_SEEN;
}

mode_t mode_of(int flags, va_list arguments) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

InjectFileFaults::InjectFileFaults(const FileFaults& wanted) {
  faults = wanted;
  count = 0;
  failing_name[0] = '\0';
  renamed[0] = '\0';
  is_active = true;
}

InjectFileFaults::~InjectFileFaults() {
  is_active = false;
}

int counted_operations() {
  return count;
}

std::string last_renamed() {
  return renamed;
}

}  // namespace duel::test

using namespace duel::test;

// The C library's own definition of a function, found once.
#define REAL(name) (reinterpret_cast<decltype(&name)>(real_##name()))
#define FIND_REAL(name)                                    \
  static void* real_##name() {                             \
    static void* const function = dlsym(RTLD_NEXT, #name); \
    return function;                                       \
  }

// An operation on a path or a descriptor that returns -1 where it fails.
#define FAILING_OPERATION(result, name, parameters, arguments, place, interruption, ...) \
  FIND_REAL(name)                                                                        \
  extern "C" result name parameters __VA_ARGS__ {                                        \
    if (fails(#name, place, Interruption::interruption)) return -1;                      \
    return REAL(name) arguments;                                                         \
  }

FAILING_OPERATION(int, fsync, (int file), (file), PathOf(file), possible)
FAILING_OPERATION(int, fdatasync, (int file), (file), PathOf(file), possible)
FAILING_OPERATION(int, flock, (int file, int kind), (file, kind), PathOf(file), possible, noexcept)
FAILING_OPERATION(int, ftruncate, (int file, off_t size), (file, size), PathOf(file), possible, noexcept)
FAILING_OPERATION(int, truncate, (const char* path, off_t size), (path, size), path, possible, noexcept)
FAILING_OPERATION(int, mkdir, (const char* path, mode_t mode), (path, mode), path, never, noexcept)
FAILING_OPERATION(int, rmdir, (const char* path), (path), path, never, noexcept)
FAILING_OPERATION(int, unlink, (const char* path), (path), path, never, noexcept)
FAILING_OPERATION(int, unlinkat, (int folder, const char* path, int flags), (folder, path, flags), path, never,
                  noexcept)
FAILING_OPERATION(int, remove, (const char* path), (path), path, never, noexcept)
FAILING_OPERATION(int, link, (const char* from, const char* to), (from, to), to, never, noexcept)
FAILING_OPERATION(int, symlink, (const char* target, const char* path), (target, path), path, never, noexcept)
FAILING_OPERATION(int, stat, (const char* path, struct stat* out), (path, out), path, never, noexcept)
FAILING_OPERATION(int, stat64, (const char* path, struct stat64* out), (path, out), path, never, noexcept)
FAILING_OPERATION(int, lstat, (const char* path, struct stat* out), (path, out), path, never, noexcept)
FAILING_OPERATION(int, fstat, (int file, struct stat* out), (file, out), PathOf(file), never, noexcept)
FAILING_OPERATION(int, fstat64, (int file, struct stat64* out), (file, out), PathOf(file), never, noexcept)
FAILING_OPERATION(int, statvfs, (const char* path, struct statvfs* out), (path, out), path, never, noexcept)
FAILING_OPERATION(ssize_t, readlink, (const char* path, char* out, size_t size), (path, out, size), path, never,
                  noexcept)
FAILING_OPERATION(ssize_t, read, (int file, void* bytes, size_t size), (file, bytes, shortened(size)), PathOf(file),
                  possible)
FAILING_OPERATION(ssize_t, write, (int file, const void* bytes, size_t size), (file, bytes, shortened(size)),
                  PathOf(file), possible)
FAILING_OPERATION(ssize_t, pread, (int file, void* bytes, size_t size, off_t at), (file, bytes, shortened(size), at),
                  PathOf(file), possible)
FAILING_OPERATION(ssize_t, pwrite, (int file, const void* bytes, size_t size, off_t at),
                  (file, bytes, shortened(size), at), PathOf(file), possible)

FIND_REAL(rename)
extern "C" int rename(const char* from, const char* to) noexcept {
  if (fails("rename", to, Interruption::never)) return -1;
  if (is_active) snprintf(renamed, sizeof renamed, "%s", from);
  return REAL(rename)(from, to);
}

FIND_REAL(writev)
extern "C" ssize_t writev(int file, const iovec* parts, int size) {
  if (fails("writev", PathOf(file), Interruption::possible)) return -1;
  if (!is_active || faults.longest == ~std::size_t{0}) return REAL(writev)(file, parts, size);
  const iovec* first = std::find_if(parts, parts + size, [](const iovec& part) { return part.iov_len > 0; });
  if (first == parts + size) return 0;
  const iovec part = {first->iov_base, shortened(first->iov_len)};
  return REAL(writev)(file, &part, 1);
}

// Those that make descriptors, with a mode or without. openat stands for the C++ library, which does not try again.
#define OPENING_OPERATION(name, interruption, parameters, arguments) \
  FIND_REAL(name)                                                    \
  extern "C" int name parameters {                                   \
    va_list rest;                                                    \
    va_start(rest, flags);                                           \
    const mode_t mode = mode_of(flags, rest);                        \
    va_end(rest);                                                    \
    if (fails(#name, path, Interruption::interruption)) return -1;   \
    return REAL(name) arguments;                                     \
  }

OPENING_OPERATION(open, possible, (const char* path, int flags, ...), (path, flags, mode))
OPENING_OPERATION(open64, possible, (const char* path, int flags, ...), (path, flags, mode))
OPENING_OPERATION(openat, never, (int folder, const char* path, int flags, ...), (folder, path, flags, mode))
OPENING_OPERATION(openat64, never, (int folder, const char* path, int flags, ...), (folder, path, flags, mode))

#define POINTER_OPERATION(result, name, parameters, arguments, place) \
  FIND_REAL(name)                                                     \
  extern "C" result* name parameters {                                \
    if (fails(#name, place, Interruption::never)) return nullptr;     \
    return REAL(name) arguments;                                      \
  }

POINTER_OPERATION(FILE, fopen, (const char* path, const char* mode), (path, mode), path)
POINTER_OPERATION(FILE, fopen64, (const char* path, const char* mode), (path, mode), path)
POINTER_OPERATION(DIR, opendir, (const char* path), (path), path)
POINTER_OPERATION(DIR, fdopendir, (int file), (file), PathOf(file))

FIND_REAL(readdir)
extern "C" dirent* readdir(DIR* folder) {
  if (fails("readdir", PathOf(dirfd(folder)), Interruption::never)) return nullptr;
  return REAL(readdir)(folder);
}

FIND_REAL(fwrite)
extern "C" size_t fwrite(const void* bytes, size_t size, size_t n, FILE* stream) {
  if (fails("fwrite", PathOf(stream), Interruption::never)) return remember_failure(stream), 0;
  return REAL(fwrite)(bytes, size, n, stream);
}

FIND_REAL(fflush)
extern "C" int fflush(FILE* stream) {
  if (fails("fflush", PathOf(stream), Interruption::never)) return stream ? remember_failure(stream) : void(), EOF;
  return REAL(fflush)(stream);
}

// What cannot be closed without an error is closed nevertheless.
FIND_REAL(close)
extern "C" int close(int file) {
  const bool is_failing = fails("close", PathOf(file), Interruption::never);
  const int error = errno;
  const int result = REAL(close)(file);
  if (is_failing) errno = error;
  return is_failing ? -1 : result;
}

FIND_REAL(fclose)
extern "C" int fclose(FILE* stream) {
  const bool is_failing = fails("fclose", PathOf(stream), Interruption::never);
  const int error = errno;
  const int result = REAL(fclose)(stream);
  if (is_failing) errno = error;
  return is_failing ? EOF : result;
}

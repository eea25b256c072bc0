// Makes the system calls of this test program fail on demand. Include it in one source file per program: the linker
// then takes these definitions instead of the C library's.
#pragma once

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>

struct SystemFaults {
  bool active = false;
  bool interrupt = false;                 ///< every other call fails with EINTR
  std::size_t longest = ~std::size_t{0};  ///< bytes that one read or write moves at most
  int failing_call = 0, error = 0;        ///< the call with this number (from 1) fails with this error
  int calls = 0;                          ///< counted while active
  std::string renamed_from;               ///< source of the last rename while active
};

inline SystemFaults system_faults;

/// Whether the call that is being made fails; sets errno.
inline bool system_call_fails() {
  SystemFaults& faults = system_faults;
  if (!faults.active) return false;
  ++faults.calls;
  const bool interrupted = faults.interrupt && faults.calls % 2 == 1;
  if (interrupted) errno = EINTR;
  if (faults.calls == faults.failing_call) errno = faults.error;
  return interrupted || faults.calls == faults.failing_call;
}

/// Activates the faults for one scope.
class InjectFaults {
 public:
  explicit InjectFaults(SystemFaults faults) {
    system_faults = std::move(faults);
    system_faults.active = true;
  }
  ~InjectFaults() { system_faults.active = false; }
  InjectFaults(const InjectFaults&) = delete;
  InjectFaults& operator=(const InjectFaults&) = delete;
};

extern "C" {

ssize_t read(int descriptor, void* bytes, size_t count) {
  if (system_call_fails()) return -1;
  return syscall(SYS_read, descriptor, bytes, system_faults.active ? std::min(count, system_faults.longest) : count);
}

ssize_t write(int descriptor, const void* bytes, size_t count) {
  if (system_call_fails()) return -1;
  return syscall(SYS_write, descriptor, bytes, system_faults.active ? std::min(count, system_faults.longest) : count);
}

int fsync(int descriptor) {
  if (system_call_fails()) return -1;
  return static_cast<int>(syscall(SYS_fsync, descriptor));
}

int rename(const char* from, const char* to) noexcept {
  if (system_faults.active) system_faults.renamed_from = from;
  if (system_faults.active && !system_faults.interrupt && system_call_fails()) return -1;  // rename knows no EINTR
  return static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

}  // extern "C"

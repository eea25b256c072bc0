// Makes operations on files fail on demand. The definitions of file_faults.cpp stand in for the C library's: in a test
// program that links them (InjectFileFaults), and in any program that is run with LD_PRELOAD=libfile_faults.so, to
// which the variable DUEL_FILE_FAULTS says what fails (preload.cpp). They see what goes through the C library by name:
// its users', the C++ library's and other libraries' calls, but not those that the C library makes itself.
#pragma once

#include <cstddef>
#include <string>

namespace duel::test {

struct FileFaults {
  int failing_operation = 0;              ///< the operation with this number, from 1, fails; 0: none
  int error = 0;                          ///< with this errno
  bool goes_on = false;                   ///< and so do those of its name that follow
  bool kills = false;                     ///< instead the process ends before the operation, as by kill -9
  bool interrupts = false;                ///< every other operation that may end with EINTR does
  std::size_t longest = ~std::size_t{0};  ///< bytes that a read or write moves at most
  const char* names = nullptr;            ///< count these only, "read write"; none: all
  int trace = -1;  ///< descriptor that gets a line "NUMBER NAME PATH" for each, or just the failing
};

/// Activates faults for one scope. Operations are counted from 1 on again.
class InjectFileFaults {
 public:
  explicit InjectFileFaults(const FileFaults& faults);
  ~InjectFileFaults();
  InjectFileFaults(const InjectFileFaults&) = delete;
  InjectFileFaults& operator=(const InjectFileFaults&) = delete;
};

/// Operations since the last InjectFileFaults began.
int counted_operations();
/// What the last rename of such a scope moved.
std::string last_renamed();

}  // namespace duel::test

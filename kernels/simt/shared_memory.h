// Shared memory of the block that runs on an OS thread: the dynamic part, and the program's static __shared__
// variables (thread-locals), which can be found and poisoned because they share one section.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace simt {

/// A part of a block's shared memory.
struct SharedRange {
  const std::byte* begin;
  std::size_t bytes;
  const char* name;
};

class SharedMemory {
 public:
  static constexpr std::size_t kGuard = 512;  ///< bytes after the dynamic shared memory

  /// Makes room for `bytes` of dynamic shared memory, 128-byte aligned. Contents are indeterminate.
  void resize_dynamic(std::size_t bytes);
  void* dynamic() const { return dynamic_.get(); }
  std::size_t dynamic_bytes() const { return dynamic_bytes_; }
  /// All that a block on the calling OS thread has: dynamic, and every static variable of each module.
  std::vector<SharedRange> ranges() const;

  /// Fills dynamic and static shared memory with 0xff: NaN as float or double, -1 as an integer.
  void poison();

  /// Prepares the guard zone after the dynamic shared memory; later says how many bytes beyond the end somebody wrote.
  void set_guard();
  std::optional<std::size_t> find_damage() const;

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  std::unique_ptr<void, Free> dynamic_;
  std::size_t dynamic_bytes_ = 0, capacity_ = 0;
};

/// Every __shared__ variable of the program, as the calling OS thread sees them. Empty where there are none.
std::span<std::byte> static_shared_memory();

/// The __shared__ variables of a library, as the calling OS thread sees them.
struct SharedVariables {
  void* begin;
  std::size_t bytes;
};
/// From now on those of a loaded library are poisoned too. Repetitions are ignored.
void add_shared_variables(SharedVariables (*of_calling_thread)());
/// What was added.
std::vector<SharedVariables (*)()> added_shared_variables();

}  // namespace simt

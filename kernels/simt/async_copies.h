// The asynchronous copies that the threads of a block have begun and not yet waited for.
#pragma once

#include <cstddef>
#include <vector>

#include "kernels/simt/async_copy.h"

namespace simt {

class AsyncCopies {
 public:
  void queue(int thread, const AsyncCopy& copy);
  void commit(int thread);
  bool take(int thread, unsigned pending, AsyncCopy& copy);
  /// How many the thread has not waited for.
  std::size_t left(int thread) const;
  /// Forgets all, after a block that was abandoned.
  void clear() { of_thread_.clear(); }

 private:
  struct Entry {
    AsyncCopy copy;
    unsigned group;
  };
  struct Queue {
    std::vector<Entry> entries;
    std::size_t taken = 0;
    unsigned closed_groups = 0;
  };
  std::vector<Queue> of_thread_;
};

}  // namespace simt

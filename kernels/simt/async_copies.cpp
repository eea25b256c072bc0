#include "kernels/simt/async_copies.h"

#include <cstring>

#include "kernels/simt/poison.h"

namespace simt {

void AsyncCopies::queue(int thread, const AsyncCopy& copy) {
  if (static_cast<std::size_t>(thread) >= of_thread_.size()) of_thread_.resize(static_cast<std::size_t>(thread) + 1);
  Queue& queue = of_thread_[thread];
  queue.entries.push_back({copy, queue.closed_groups});
  if (copy.bytes == 16) {
    std::memset(copy.to, kPoison, 16);
  } else {
    std::memset(copy.to, kPoison, 4);
  }
}

void AsyncCopies::commit(int thread) {
  if (static_cast<std::size_t>(thread) >= of_thread_.size()) of_thread_.resize(static_cast<std::size_t>(thread) + 1);
  ++of_thread_[thread].closed_groups;
}

bool AsyncCopies::take(int thread, unsigned pending, AsyncCopy& copy) {
  if (static_cast<std::size_t>(thread) >= of_thread_.size()) return false;
  Queue& queue = of_thread_[thread];
  if (queue.taken == queue.entries.size()) {
    queue.entries.clear();
    queue.taken = 0;
    return false;
  }
  const Entry& oldest = queue.entries[queue.taken];
  if (oldest.group + pending >= queue.closed_groups) return false;  // the open group is never covered
  copy = oldest.copy;
  ++queue.taken;
  return true;
}

std::size_t AsyncCopies::left(int thread) const {
  if (static_cast<std::size_t>(thread) >= of_thread_.size()) return 0;
  return of_thread_[thread].entries.size() - of_thread_[thread].taken;
}

}  // namespace simt

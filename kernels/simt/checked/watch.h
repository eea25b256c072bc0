// What the CPU device tells the checked device (preset cpu-race): which work, kernel, block and lanes run, and what
// copies and fills touch. Only called in checked builds, on the dispatcher thread where nothing else is said.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/simt/runtime_api.h"

namespace simt {

#ifdef DUEL_CHECKED
inline constexpr bool kChecked = true;
#else
inline constexpr bool kChecked = false;
#endif

class BlockRunner;
class SharedMemory;
struct Fault;
struct KernelAccess;
struct KernelCall;
struct Site;

namespace watch {

/// A piece of a stream's work begins; a graph's nodes are numbered from `first_item`.
void work_begins(std::uint32_t first_item);
void node_begins(std::size_t node);

void kernel_begins(const KernelCall& call);
void kernel_ends();
void block_begins(unsigned block, const SharedMemory& shared);
void block_ends();
/// Every thread of the block has come to a barrier.
void barrier();
/// `lanes` of the warp have met at a primitive; only __syncwarp orders their memory accesses.
void warp_meets(int warp, std::uint32_t lanes, bool is_syncwarp);

/// A thread of the running block is at a fence.
void fence(int thread);

/// Does a copy or fill; both sides are checked as accesses of the work that runs.
Fault copy(void* destination, const void* source, std::size_t bytes);
Fault fill(void* pointer, int value, std::size_t bytes);

/// Host code touched device memory: the next call of the runtime API says so.
void refuse_host_access(const KernelAccess& access);
/// An index of an array is out of bounds, in a kernel or in host code.
void refuse_index(Site site, long long index, const char* array);

inline constinit thread_local bool is_trusted = false;

/// While it lives, the calling thread may touch device memory from host code: the CPU device itself.
class Trusted {
 public:
  explicit Trusted(bool trusted = true) : before_(is_trusted) { is_trusted = trusted; }
  ~Trusted() { is_trusted = before_; }
  Trusted(const Trusted&) = delete;
  Trusted& operator=(const Trusted&) = delete;

 private:
  bool before_;
};

}  // namespace watch
}  // namespace simt

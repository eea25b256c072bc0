// Asynchronous copies to shared memory for kernels on the CPU device (kernels/device/async_copy.cuh). A copy happens as
// late as it may: when its thread waits for its group. Until then its destination is poison, for on a GPU it may change
// at any time from the beginning of the copy.
#pragma once

namespace simt {

struct AsyncCopy {
  void* to;
  const void* from;  ///< nullptr: zeros
  unsigned bytes;    ///< 4 or 16
};

/// Puts the copy into the calling thread's open group.
void queue_async_copy(const AsyncCopy& copy);
/// Closes the group.
void commit_async_copies();
/// The oldest copy of the calling thread that has to be done before no more than `pending` closed groups are left; the
/// caller does it. False: there is none.
bool take_async_copy(unsigned pending, AsyncCopy& copy);

}  // namespace simt

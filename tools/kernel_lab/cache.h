// Memory much larger than the cache: written between launches it leaves nothing else there; copied it tells the
// bandwidth of the memory itself.
#pragma once

#include <cstddef>

#include "kernels/runtime/buffer.h"
#include "tools/kernel_lab/lab_op.h"

namespace duel::lab {

/// Bytes of the L2 of the GPU, or of the last-level cache behind the CPU device; a guess of 32 MiB where the system
/// does not tell.
std::size_t last_level_cache_bytes();

/// Two halves, each as large as the cache. As a case to be timed it copies one half to the other.
class CacheSweep : public PreparedCase {
 public:
  /// Throws CudaError where the device has not so much memory.
  explicit CacheSweep(std::size_t cache_bytes);

  /// Enqueues writes of both halves.
  void evict(StreamView stream) const;
  /// Enqueues the copy.
  void launch(StreamView stream) override;
  /// Read and written by one copy.
  double copied_bytes() const { return 2 * sizeof(float4) * static_cast<double>(half_); }

 private:
  std::size_t half_;  ///< float4 of each half
  DeviceBuffer<float4> memory_;
};

}  // namespace duel::lab

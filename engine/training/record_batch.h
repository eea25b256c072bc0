// The statistics of a batch of iterations on their way from the device's ring to the host.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/games/training_memory.h"
#include "engine/training/trainer.h"
#include "kernels/runtime/buffer.h"
#include "kernels/runtime/handles.h"

namespace duel {

class RecordBatch {
 public:
  /// Iterations in a batch: two of them are far from filling the ring.
  static constexpr std::int64_t kMost = TrainingMemory::kRecords / 4;

  /// Enqueues the copy of the newest `count` of `iterations` records, after the iterations. Throws CudaError.
  void enqueue(const TrainingMemory& memory, std::int64_t iterations, std::int64_t count, StreamView stream);
  /// When the copy is done. Throws CudaError.
  std::vector<IterationStats> wait() const;

 private:
  std::int64_t count_ = 0;
  PinnedBuffer<IterationRecord> records_{static_cast<std::size_t>(kMost)};
  Event copied_;
};

}  // namespace duel

#include "engine/training/record_batch.h"

#include <algorithm>

#include "kernels/runtime/range.h"

namespace duel {
namespace {

IterationStats to_stats(const IterationRecord& record) {
  return {static_cast<std::int64_t>(record.iteration),
          record.discriminator_loss,
          record.generator_loss,
          record.mean_real,
          record.mean_generated,
          record.penalty};
}

}  // namespace

void RecordBatch::enqueue(const TrainingMemory& memory, std::int64_t iterations, std::int64_t count,
                          StreamView stream) {
  const Range range("statistics");
  count_ = count;
  const std::int64_t first = (iterations - count) % TrainingMemory::kRecords;
  const std::int64_t before_wrap = std::min(count, TrainingMemory::kRecords - first);
  const auto copy = [&](std::int64_t to, std::int64_t from, std::int64_t size) {
    if (size == 0) return;
    check(cudaMemcpyAsync(records_.data() + to, memory.records.data + from, size * sizeof(IterationRecord),
                          cudaMemcpyDeviceToHost, stream.get()));
  };
  copy(0, first, before_wrap);
  copy(before_wrap, 0, count - before_wrap);  // where the ring wraps
  copied_.record(stream);
}

std::vector<IterationStats> RecordBatch::wait() const {
  copied_.synchronize();
  std::vector<IterationStats> stats;
  for (const IterationRecord& record : records_.span().first(static_cast<std::size_t>(count_))) {
    stats.push_back(to_stats(record));
  }
  return stats;
}

}  // namespace duel

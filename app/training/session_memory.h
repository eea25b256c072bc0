// What a training session remembers beside the trainer's state: with it, a run goes on as if it had never stopped.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/io/safetensors.h"
#include "engine/quality/collapse_alarm.h"
#include "engine/training/trainer.h"

namespace duel::app {

/// Sums over the iterations of the running epoch.
struct EpochSums {
  std::int64_t iterations = 0;
  double discriminator_loss = 0, generator_loss = 0, d_real = 0, d_fake = 0;

  void add(const IterationStats& stats);
};

/// What happened when the generator collapsed, or looked like it.
struct CollapseMemory {
  CollapseAlarm::Memory alarm;
  bool is_alarmed = false;  ///< and somebody has been told
  int rollbacks = 0;
  TensorFile healthy;  ///< the last state that looked well, where one is kept
};

struct SessionMemory {
  EpochSums epoch;
  std::optional<IterationStats> last;  ///< iteration; nothing before the first
  std::optional<CollapseMemory> collapse;
};

/// Appends it as tensors "session.*" and "healthy.*", none of which depends on time, device or threads; and none but
/// for the collapse on looks, of which there are tensors only where it is answered (--on-collapse): else the last line
/// of convergence.jsonl says all.
void append_session(TensorFile& state, const SessionMemory& memory);
/// Nothing is remembered where the file has no such tensors. Throws DataError where they cannot be a session's.
SessionMemory find_session(const TensorFile& state);

}  // namespace duel::app

// A level of the fused step: work of several ops that do not wait for each other, side by side in one kernel. Blocks
// are dealt out to the parts in turn. An op of the fused step that runs alone is a level with one part.
#pragma once

#include <span>

#include "kernels/fused_gradient/fused_gradient.h"
#include "kernels/fused_head/fused_head.h"
#include "kernels/fused_losses/fused_losses.h"
#include "kernels/fused_scale/fused_scale.h"
#include "kernels/fused_update/fused_update.h"

namespace duel {

/// What is absent (its first tensor is) takes no blocks. No part may write what another one reads or writes.
struct FusedLevel {
  static constexpr int kMostUpdates = 3, kMostScales = 2;

  FusedGradient<float> gradient{};
  FusedHead<float> head{};
  FusedLosses<float> losses{};
  FusedScale<float> scales[kMostScales]{};
  FusedUpdate<float> updates[kMostUpdates]{};
};

/// The variants of the ops above that are parts of such a level.
inline constexpr char kLevelTiles[] = "level_tiles", kLevelOneThread[] = "one_thread_per_tile";

/// Enqueues the level as one kernel, by tiles of 128 threads or by one thread per tile (host builds only).
void launch_fused_level_tiles(const FusedLevel& level, StreamView stream);
void launch_fused_level_one_thread(const FusedLevel& level, StreamView stream);

/// How levels can be launched, under the names of their parts' variants.
struct LevelVariant {
  const char* name;
  void (*launch)(const FusedLevel&, StreamView);
};
std::span<const LevelVariant> level_variants();

}  // namespace duel

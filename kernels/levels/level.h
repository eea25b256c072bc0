// A level of the fused step: work of several ops that do not wait for each other, side by side in one kernel. Blocks
// are dealt out to the parts in turn. An op of the fused step that runs alone is a level with one part.
#pragma once

#include <span>
#include <string_view>
#include <type_traits>

#include "kernels/ops/fused_gradient/fused_gradient.h"
#include "kernels/ops/fused_head/fused_head.h"
#include "kernels/ops/fused_losses/fused_losses.h"
#include "kernels/ops/fused_scale/fused_scale.h"
#include "kernels/ops/fused_update/fused_update.h"

namespace duel {

/// What is absent (its first tensor is) takes no blocks. No part may write what another one reads or writes.
struct FusedLevel {
  static constexpr int kMostUpdates = 3, kMostScales = 2;

  FusedGradient<float> gradient{};
  FusedHead<float> head{};
  FusedLosses<float> losses{};
  FusedScale<float> scales[kMostScales]{};
  FusedUpdate<float> updates[kMostUpdates]{};

  /// Takes the part if there is room for it; whether there was.
  bool put(const FusedGradient<float>& part) { return put(part, {&gradient, 1}); }
  bool put(const FusedHead<float>& part) { return put(part, {&head, 1}); }
  bool put(const FusedLosses<float>& part) { return put(part, {&losses, 1}); }
  bool put(const FusedScale<float>& part) { return put(part, scales); }
  bool put(const FusedUpdate<float>& part) { return put(part, updates); }

 private:
  static bool is_free(const FusedGradient<float>& place) { return !place.weight; }
  static bool is_free(const FusedHead<float>& place) { return !place.input; }
  static bool is_free(const FusedLosses<float>& place) { return !place.judgement; }
  static bool is_free(const FusedScale<float>& place) { return !place.gradient; }
  static bool is_free(const FusedUpdate<float>& place) { return !place.d_linear; }

  template <class Part>
  static bool put(const Part& part, std::type_identity_t<std::span<Part>> places) {
    for (Part& place : places) {
      if (!is_free(place)) continue;
      place = part;
      return true;
    }
    return false;
  }
};

/// Enqueue the level as one kernel.
void launch_fused_level_tiles(const FusedLevel& level, StreamView stream);
void launch_fused_level_split_depth(const FusedLevel& level, StreamView stream);
void launch_fused_level_deep_split_depth(const FusedLevel& level, StreamView stream);
void launch_fused_level_tf32(const FusedLevel& level, StreamView stream);
void launch_fused_level_bf16(const FusedLevel& level, StreamView stream);
void launch_fused_level_fp16(const FusedLevel& level, StreamView stream);
void launch_fused_level_one_thread(const FusedLevel& level, StreamView stream);  // host builds only

/// How levels can be launched, under the names of their parts' variants.
struct LevelVariant {
  const char* name;
  const char* idea;
  bool (*supports)(const Device&);
  void (*launch)(const FusedLevel&, StreamView);
  Precision precision = Precision::fp32;
};

/// The preferred one first.
inline constexpr LevelVariant kLevelVariants[] = {
#ifdef DUEL_CPU_DEVICE
    {"one_thread_per_tile", "a part of a level by blocks of one thread; wins on the CPU device",
     [](const Device& device) { return device.is_cpu; }, launch_fused_level_one_thread},
#endif
    {"deep_split_depth_tiles", "as split_depth_tiles, of steps four times as deep, in 80 KiB of shared memory",
     has_large_shared_memory, launch_fused_level_deep_split_depth},
    {"split_depth_tiles", "a part of a level by blocks of 256 threads, whose warps split a product's depth",
     [](const Device&) { return true; }, launch_fused_level_split_depth},
    {"level_tiles", "a part of a level by blocks of 128 threads", [](const Device&) { return true; },
     launch_fused_level_tiles},
    // Last, and never preferred: factors of the products of gradients and updates are rounded, the rest is as above.
    {"tf32_mma_tiles", "as deep_split_depth_tiles, products by matrix instructions in TF32", has_tf32_and_bf16_products,
     launch_fused_level_tf32, Precision::tf32},
    {"bf16_mma_tiles", "as deep_split_depth_tiles, products by matrix instructions in BF16", has_tf32_and_bf16_products,
     launch_fused_level_bf16, Precision::bf16},
    {"fp16_mma_tiles", "as split_depth_tiles, products by matrix instructions in FP16", has_fp16_products,
     launch_fused_level_fp16, Precision::fp16},
};

/// The one of that name; null where there is none.
inline const LevelVariant* level_variant(std::string_view name) {
  for (const LevelVariant& variant : kLevelVariants) {
    if (variant.name == name) return &variant;
  }
  return nullptr;
}

}  // namespace duel

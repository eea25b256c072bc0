// A level: work of several ops that do not wait for each other, side by side in one kernel. Blocks are dealt out to the
// parts in turn. An op that levels can hold and that runs alone is a level with one part.
#pragma once

#include <span>
#include <string_view>
#include <type_traits>

#include "kernels/ops/discriminator_head/discriminator_head.h"
#include "kernels/ops/input_gradient/input_gradient.h"
#include "kernels/ops/mean_losses/mean_losses.h"
#include "kernels/ops/scale_columns/scale_columns.h"
#include "kernels/ops/weight_gradient/weight_gradient.h"

namespace duel {

/// What is absent (its first tensor is) takes no blocks. No part may write what another one reads or writes.
struct LevelParts {
  static constexpr int kMostUpdates = 3, kMostScales = 2;

  InputGradient<float> gradient{};
  DiscriminatorHead<float> head{};
  MeanLosses<float> losses{};
  ScaleColumns<float> scales[kMostScales]{};
  WeightGradient<float> updates[kMostUpdates]{};

  /// Takes the part if there is room for it; whether there was.
  bool put(const InputGradient<float>& part) { return put(part, {&gradient, 1}); }
  bool put(const DiscriminatorHead<float>& part) { return put(part, {&head, 1}); }
  bool put(const MeanLosses<float>& part) { return put(part, {&losses, 1}); }
  bool put(const ScaleColumns<float>& part) { return put(part, scales); }
  bool put(const WeightGradient<float>& part) { return put(part, updates); }

 private:
  static bool is_free(const InputGradient<float>& place) { return !place.weight; }
  static bool is_free(const DiscriminatorHead<float>& place) { return !place.input; }
  static bool is_free(const MeanLosses<float>& place) { return !place.judgement; }
  static bool is_free(const ScaleColumns<float>& place) { return !place.gradient; }
  static bool is_free(const WeightGradient<float>& place) { return !place.d_linear; }

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
void launch_level_tiles(const LevelParts& level, StreamView stream);
void launch_level_split_depth(const LevelParts& level, StreamView stream);
void launch_level_deep_split_depth(const LevelParts& level, StreamView stream);
void launch_level_tf32(const LevelParts& level, StreamView stream);
void launch_level_bf16(const LevelParts& level, StreamView stream);
void launch_level_fp16(const LevelParts& level, StreamView stream);
void launch_level_one_thread(const LevelParts& level, StreamView stream);  // host builds only

/// How levels can be launched, under the names of their parts' variants.
struct LevelVariant {
  const char* name;
  const char* idea;
  bool (*supports)(const Device&);
  void (*launch)(const LevelParts&, StreamView);
  Precision precision = Precision::fp32;
};

/// The preferred one first.
inline constexpr LevelVariant kLevelVariants[] = {
#ifdef DUEL_CPU_DEVICE
    {"one_thread_per_tile", "a part of a level by blocks of one thread; wins on the CPU device",
     [](const Device& device) { return device.is_cpu; }, launch_level_one_thread},
#endif
    {"deep_split_depth_tiles", "as split_depth_tiles, of steps four times as deep, in 80 KiB of shared memory",
     has_large_shared_memory, launch_level_deep_split_depth},
    {"split_depth_tiles", "a part of a level by blocks of 256 threads, whose warps split a product's depth",
     [](const Device&) { return true; }, launch_level_split_depth},
    {"level_tiles", "a part of a level by blocks of 128 threads", [](const Device&) { return true; },
     launch_level_tiles},
    // Last, and never preferred: factors of the products of gradients and updates are rounded, the rest is as above.
    {"tf32_mma_tiles", "as deep_split_depth_tiles, products by matrix instructions in TF32", has_tf32_and_bf16_products,
     launch_level_tf32, Precision::tf32},
    {"bf16_mma_tiles", "as deep_split_depth_tiles, products by matrix instructions in BF16", has_tf32_and_bf16_products,
     launch_level_bf16, Precision::bf16},
    {"fp16_mma_tiles", "as split_depth_tiles, products by matrix instructions in FP16", has_fp16_products,
     launch_level_fp16, Precision::fp16},
};

/// The one of that name; null where there is none.
inline const LevelVariant* level_variant(std::string_view name) {
  for (const LevelVariant& variant : kLevelVariants) {
    if (variant.name == name) return &variant;
  }
  return nullptr;
}

}  // namespace duel

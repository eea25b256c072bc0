// Matrices of one sample per column, dealt out by groups of four neighbouring features, since one call of Philox serves
// four: a lane owns a group of a sample, and 32 lanes neighbouring samples. On the CPU device the only thread of a
// block owns a run of samples.
#pragma once

#include "kernels/device/random.cuh"
#include "kernels/ops/dropout/mask.h"
#include "kernels/runtime/launch.h"

namespace duel {

template <int kThreads>
struct FeatureGroups {
  static_assert(kThreads == 1 || kThreads % 32 == 0);
  static constexpr int kLanes = kThreads == 1 ? 1 : 32;
  static constexpr int kWidth = kThreads == 1 ? 64 : 1;  ///< neighbouring samples of a lane
  static constexpr int kGroupsAtATime = kThreads / kLanes;
  static constexpr int kGroups = kThreads == 1 ? 16 : kGroupsAtATime;  ///< of a block

  static dim3 grid(int features, int samples) {
    return {blocks_for(static_cast<std::size_t>(features), 4 * kGroups),
            blocks_for(static_cast<std::size_t>(samples), kLanes * kWidth)};
  }

  /// Calls f(feature, column, count) for each of the lane's groups: the first of its features and of its `count`
  /// columns, at most kWidth. Features of the last group may lie beyond the matrix.
  template <class Function>
  static __device__ __forceinline__ void for_each(int features, int columns, Function f) {
    const int column = static_cast<int>(blockIdx.y * kLanes + threadIdx.x % kLanes) * kWidth;
    if (column >= columns) return;
    const int count = kWidth == 1 || columns - column >= kWidth ? kWidth : columns - column;
    const int first = static_cast<int>(blockIdx.x) * kGroups;
    for (int i = threadIdx.x / kLanes; i < kGroups && 4 * (first + i) < features; i += kGroupsAtATime) {
      f(4 * (first + i), column, count);
    }
  }

  /// What the mask makes of values of four rows, each a feature, for the samples of a lane.
  struct Kept {
    float factor[4][kWidth];  ///< 1 / keep, or 0 where nothing stays

    __device__ __forceinline__ Kept(const DropoutMask<float>& mask, int feature, int column, int count) {
      const float scale = mask.clock ? 1.f / mask.keep : 1.f;
      for (int i = 0; i < count; ++i) {
        RandomWords words{};
        if (mask.clock) {
          words = words_of(mask, column + i, feature / 4);
        }
#pragma unroll
        for (int k = 0; k < 4; ++k) {
          factor[k][i] = !mask.clock || uniform_open(words.word[k]) < mask.keep ? scale : 0.f;
        }
      }
    }
    /// What becomes of row k's value of sample i.
    __device__ __forceinline__ float value(int k, int i, float x) const {
      return factor[k][i] > 0.f ? x * factor[k][i] : 0.f;
    }

   protected:
    __device__ __forceinline__ Kept() {}
    static __device__ __forceinline__ RandomWords words_of(const DropoutMask<float>& mask, int sample, int group) {
      return draw_words(mask.seed, mask.clock.data->iteration, mask.draw,
                        static_cast<std::uint32_t>(mask.first_sample + sample), static_cast<std::uint32_t>(group));
    }
  };

  /// The same where a feature is a channel of `pixels` rows, which draws once. There is a clock.
  struct KeptChannels : Kept {
    __device__ __forceinline__ KeptChannels(const DropoutMask<float>& mask, int row, int column, int count) {
      const float scale = 1.f / mask.keep;
#pragma unroll
      for (int k = 0; k < 4; ++k) {
        const int feature = (row + k) / mask.pixels, place = feature % 4;
        const bool is_drawn = k > 0 && (row + k) % mask.pixels > 0;
        for (int i = 0; i < count; ++i) {
          if (is_drawn) {
            this->factor[k][i] = this->factor[k > 0 ? k - 1 : 0][i];
            continue;
          }
          const RandomWords words = Kept::words_of(mask, column + i, feature / 4);
          const std::uint32_t low = place == 0 ? words.word[0] : words.word[1];
          const std::uint32_t high = place == 2 ? words.word[2] : words.word[3];
          this->factor[k][i] = uniform_open(place < 2 ? low : high) < mask.keep ? scale : 0.f;
        }
      }
    }
  };
};

}  // namespace duel

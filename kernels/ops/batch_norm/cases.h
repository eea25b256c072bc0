// Cases and bounds of batch_norm.
#pragma once

#include <string>
#include <vector>

#include "kernels/ops/batch_norm/batch_norm.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

/// Channels of images in one batch, or in two side by side.
struct ChannelSizes {
  int channels, pixels, samples, split = 0;
  bool of_training = false;

  int rows() const { return channels * pixels; }
  std::string text() const {
    return std::to_string(samples) + " of " + std::to_string(channels) + " x " + std::to_string(pixels) +
           (split > 0 ? ", split at " + std::to_string(split) : "");
  }
};

/// Layers of a narrow DCGAN of 28 x 28: G's in one batch, D's in two. Wider ones take so long on the checked device
/// that nobody would count their traffic; `kernel_lab bench --shape` times any.
inline std::vector<ChannelSizes> trained_channels() {
  return {{16, 49, 64, 0, true}, {8, 196, 64, 0, true}, {2, 784, 64, 0, true}, {8, 49, 128, 64, true}};
}

/// Around the sizes of pieces, one batch and two; channels that are several parts, evenly and not; and a batch with
/// fewer values than the other one has parts.
inline std::vector<ChannelSizes> edge_channels() {
  return {{1, 1, 2},     {3, 1, 33},        {5, 4, 1},        {2, 9, 31},        {4, 49, 3},
          {33, 4, 8},    {2, 16, 65},       {7, 3, 64, 32},   {3, 4, 9, 1},      {2, 5, 6, 4},
          {5, 49, 7, 3}, {2, 2, 127, 63},   {3, 1, 129, 2},   {2, 144, 64},      {1, 400, 33},
          {1, 500, 36},  {2, 150, 128, 64}, {1, 300, 70, 34}, {1, 1, 9002, 9000}};
}

inline std::vector<Axis> channel_axes() {
  return {{"channels", 128}, {"pixels", 196}, {"samples", 64}};
}
inline ChannelSizes channels_of(const std::vector<int>& n) {
  return {n[0], n[1], n[2]};
}

OpCases<BatchNorm<double>, BatchNorm<float>> batch_norm_cases();

}  // namespace duel::verify

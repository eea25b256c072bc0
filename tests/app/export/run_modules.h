// Modules of PyTorch in plain code, to compare with.
#pragma once

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "app/export/exported_network.h"

namespace duel::app::test {

/// Of square images [channels, size, size], by kernels of 3 x 3 with padding 1.
inline std::vector<double> convolve(const std::vector<double>& x, const std::vector<float>& weight,
                                    const std::vector<float>& bias, int channels, int stride) {
  const int size = static_cast<int>(std::lround(std::sqrt(static_cast<double>(x.size()) / channels)));
  const int out_size = (size - 1) / stride + 1, outputs = static_cast<int>(bias.size());
  std::vector<double> y;
  for (int i = 0; i < outputs * out_size * out_size; ++i) {
    const int out = i / out_size / out_size, top = i / out_size % out_size * stride - 1;
    const int left = i % out_size * stride - 1;
    double sum = bias[static_cast<std::size_t>(out)];
    for (int tap = 0; tap < channels * 9; ++tap) {
      const int row = top + tap / 3 % 3, column = left + tap % 3;
      if (row < 0 || row >= size || column < 0 || column >= size) continue;
      const int pixel = (tap / 9 * size + row) * size + column;
      sum += double{weight[static_cast<std::size_t>(out * channels * 9 + tap)]} * x[static_cast<std::size_t>(pixel)];
    }
    y.push_back(sum);
  }
  return y;
}

/// Square images of that size, twice as large: each pixel is four.
inline std::vector<double> doubled(const std::vector<double>& x, int size) {
  std::vector<double> y;
  for (int i = 0; i < static_cast<int>(x.size()) * 4; ++i) {
    const int wide = 2 * size, channel = i / (wide * wide), row = i / wide % wide / 2, column = i % wide / 2;
    y.push_back(x[static_cast<std::size_t>((channel * size + row) * size + column)]);
  }
  return y;
}

/// What torch.nn.Sequential of the network gives for one row, in evaluation mode, in double precision.
inline std::vector<double> run_modules(const ExportedNetwork& network, std::vector<double> x) {
  int image_size = 0;  // before the module, where Upsample needs it
  for (std::size_t i = 0; i < network.modules.size(); ++i) {
    const auto& [kind, name, arguments] = network.modules[i];
    if (kind == "Linear") {
      const auto weight = network.values(i, "weight"), bias = network.values(i, "bias");
      std::vector<double> y(bias.begin(), bias.end());
      for (std::size_t row = 0; row < y.size(); ++row) {
        for (std::size_t k = 0; k < x.size(); ++k) y[row] += double{weight[row * x.size() + k]} * x[k];
      }
      x = y;
    } else if (kind == "Conv2d") {
      x = convolve(x, network.values(i, "weight"), network.values(i, "bias"), static_cast<int>(arguments[0]),
                   static_cast<int>(arguments[3]));
    } else if (kind == "Upsample") {
      x = doubled(x, image_size);
      image_size *= 2;
    } else if (kind == "Unflatten") {
      image_size = static_cast<int>(arguments[2]);
    } else if (kind == "BatchNorm1d" || kind == "BatchNorm2d") {
      const auto gamma = network.values(i, "weight"), beta = network.values(i, "bias");
      const auto mean = network.values(i, "running_mean"), variance = network.values(i, "running_var");
      const std::size_t pixels = x.size() / gamma.size();
      for (std::size_t k = 0; k < x.size(); ++k) {
        const std::size_t feature = k / pixels;
        x[k] = (x[k] - mean[feature]) / std::sqrt(variance[feature] + arguments[1]) * gamma[feature] + beta[feature];
      }
    } else if (kind == "MaxPool1d") {
      const auto pieces = static_cast<std::ptrdiff_t>(arguments[0]);
      std::vector<double> y;
      for (auto at = x.begin(); at != x.end(); at += pieces) y.push_back(*std::max_element(at, at + pieces));
      x = y;
    } else if (kind == "LeakyReLU") {
      for (double& value : x) value = value > 0 ? value : arguments[0] * value;
    } else if (kind == "Tanh") {
      for (double& value : x) value = std::tanh(value);
    } else if (kind == "Sigmoid") {
      for (double& value : x) value = 1 / (1 + std::exp(-value));
    } else if (kind != "Dropout" && kind != "Dropout2d" && kind != "Flatten") {
      throw std::logic_error("no module " + kind);
    }
  }
  return x;
}

}  // namespace duel::app::test

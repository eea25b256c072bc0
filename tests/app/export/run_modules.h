// Modules of PyTorch in plain code, to compare with.
#pragma once

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "app/export/exported_network.h"

namespace duel::app::test {

/// What torch.nn.Sequential of the network gives for one row, in evaluation mode, in double precision.
inline std::vector<double> run_modules(const ExportedNetwork& network, std::vector<double> x) {
  for (std::size_t i = 0; i < network.modules.size(); ++i) {
    const auto& [kind, arguments] = network.modules[i];
    if (kind == "Linear") {
      const auto weight = network.values(i, "weight"), bias = network.values(i, "bias");
      std::vector<double> y(bias.begin(), bias.end());
      for (std::size_t row = 0; row < y.size(); ++row) {
        for (std::size_t k = 0; k < x.size(); ++k) y[row] += double{weight[row * x.size() + k]} * x[k];
      }
      x = y;
    } else if (kind == "BatchNorm1d") {
      const auto gamma = network.values(i, "weight"), beta = network.values(i, "bias");
      const auto mean = network.values(i, "running_mean"), variance = network.values(i, "running_var");
      for (std::size_t k = 0; k < x.size(); ++k) {
        x[k] = (x[k] - mean[k]) / std::sqrt(variance[k] + arguments[1]) * gamma[k] + beta[k];
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
    } else if (kind != "Dropout") {
      throw std::logic_error("no module " + kind);
    }
  }
  return x;
}

}  // namespace duel::app::test

// How the time of an iteration grows with batch and width.
#pragma once

#include <optional>
#include <vector>

#include "app/bench/bench_result.h"

namespace duel::app {

/// The e of y = c * x^e that fits best: least squares in the logarithms. Nothing for fewer than two different x.
std::optional<double> fitted_exponent(const std::vector<double>& x, const std::vector<double>& y);

/// All measurements of one step, by batch and width.
struct Scaling {
  StepKind step = StepKind::fused;
  std::vector<int> batch_sizes, widths;                ///< ascending
  std::vector<double> seconds;                         ///< of an iteration: [batch][width]; NaN where not measured
  std::vector<std::optional<double>> width_exponents;  ///< of time in width, for each batch
  std::vector<std::optional<double>> batch_exponents;  ///< of time in batch, for each width

  double at(std::size_t batch, std::size_t width) const { return seconds[batch * widths.size() + width]; }
};

/// One for each step that was measured.
std::vector<Scaling> scaling_of(const std::vector<Measurement>& measurements);

}  // namespace duel::app

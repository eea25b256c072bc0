#include <array>

#include "kernels/convolution/rows.h"
#include "kernels/ops/batch_norm/launchers.h"
#include "kernels/ops/batch_norm/require.h"

namespace duel {
namespace {

using Arguments = BatchNorm<float>;

void validate(const Arguments& a) {
  constexpr auto op = "batch_norm";
  const int channels = a.channels();
  require_channels(op, channels, a.pixels, a.samples(), a.split);
  const int rows = channels * a.pixels, samples = a.samples();
  require_shape(op, "input", a.input, rows, samples);
  require_shape(op, "output", a.output, rows, samples);
  require_shape(op, "gamma", a.gamma, channels);
  require_shape(op, "beta", a.beta, channels);
  require_shape(op, "running_mean", a.running_mean, channels);
  require_shape(op, "running_variance", a.running_variance, channels);
  require(a.eps > 0, op, "eps > 0, not " + std::to_string(a.eps));
  require(a.momentum >= 0 && a.momentum <= 1, op, "momentum from 0 to 1, not " + std::to_string(a.momentum));
  require(a.slope >= 0, op, "slope >= 0, not " + std::to_string(a.slope));
  const bool of_batch = a.statistics == BatchStatistics::batch;
  require(of_batch || (!a.normalized && !a.inverse_deviation), op,
          "normalized and inverse_deviation with a batch's statistics only");
  if (a.workspace) require_workspace(op, a.workspace, batch_norm_workspace(a));
  if (!of_batch) return;
  for (int batch = 0; batch < a.batches(); ++batch) {
    require(values_of(a, 0, batch).count() > 1, op,
            "more than one value of a channel in a batch, pixels times samples, with a batch's statistics");
  }
  require_shape(op, "normalized", a.normalized, rows, samples);
  require_shape(op, "inverse_deviation", a.inverse_deviation, a.batches() * channels);
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Arguments>{"one_thread_per_channel", "one thread reads a channel by vectors; wins on the CPU device",
                       supports_cpu_device, batch_norm_one_thread},
#endif
    Variant<Arguments>{"channel_parts", "a block per part of a channel: moments, then all parts' and the values",
                       batch_norm_parts_supports, batch_norm_parts},
    Variant<Arguments>{"block_per_channel", "a block reads a channel three times; where there is no workspace",
                       supports_any_device, batch_norm_channels},
};

// With a batch's statistics one for the mean and three for the variance of each value; then four, and the activation's.
Flops flops(const Arguments& a) {
  return {.others = (a.statistics == BatchStatistics::batch ? 9.0 : 5.0) * static_cast<double>(a.output.size())};
}

Bytes untouched(const Arguments& a) {
  const auto workspace = static_cast<double>(a.workspace.bytes());
  return {workspace, workspace};
}

}  // namespace

const Op<Arguments>& batch_norm_op() {
  static constexpr Op<Arguments> op{"batch_norm", kVariants, flops, validate, untouched};
  return op;
}

}  // namespace duel

#include <array>

#include "kernels/convolution/rows.h"
#include "kernels/ops/batch_norm/require.h"
#include "kernels/ops/batch_norm_gradient/launchers.h"

namespace duel {
namespace {

using Arguments = BatchNormGradient<float>;

void validate(const Arguments& a) {
  constexpr auto op = "batch_norm_gradient";
  const int channels = a.channels(), rows = channels * a.pixels, samples = a.samples();
  require_channels(op, channels, a.pixels, samples, a.split);
  require(a.first_column == 0 || a.first_column == a.split, op,
          "first_column 0 or split, " + std::to_string(a.split) + ", not " + std::to_string(a.first_column));
  require_shape(op, "d_linear", a.d_linear, rows, samples);
  require_shape(op, "normalized", a.normalized, rows, samples);
  require_shape(op, "inverse_deviation", a.inverse_deviation, a.batches() * channels);
  require_shape_if_present(op, "output", a.output, rows, samples);
  require_shape(op, "d_below", a.d_below, rows, samples);
  if (a.below == Activation::leaky_relu) require(a.slope >= 0, op, "slope >= 0, not " + std::to_string(a.slope));
  if (a.workspace) require_workspace(op, a.workspace, batch_norm_gradient_workspace(a));
  require_shape(op, "gamma", a.gamma.value, channels);
  if (!a.learns()) return require(!a.beta.gradient, op, "beta_gradient with an optimizer or gamma_gradient only");
  require_optimizer(op, a.optimizer);
  require_parameter(op, kGammaNames, a.gamma, a.optimizer, channels);
  require_parameter(op, kBetaNames, a.beta, a.optimizer, channels);
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Arguments>{"one_thread_per_channel", "one thread reads a channel by vectors; wins on the CPU device",
                       supports_cpu_device, batch_norm_gradient_one_thread},
#endif
    Variant<Arguments>{"channel_parts", "a block per part of a channel: sums, then all parts' and the values",
                       batch_norm_gradient_parts_supports, batch_norm_gradient_parts},
    Variant<Arguments>{"block_per_channel", "a block reads a channel twice; where there is no workspace",
                       supports_any_device, batch_norm_gradient_channels},
};

double values_that_take_part(const Arguments& a) {
  return static_cast<double>(a.d_linear.rows) * (a.samples() - a.first_column);
}

// Three for the sums of each value; then six, and the activation's.
Flops flops(const Arguments& a) {
  return {.others = 10 * values_that_take_part(a)};
}

// The columns of others.
Bytes untouched(const Arguments& a) {
  const double of_others =
      static_cast<double>(sizeof(float)) * (static_cast<double>(a.d_linear.size()) - values_that_take_part(a));
  const auto workspace = static_cast<double>(a.workspace.bytes());
  return {.read = (a.output ? 3 : 2) * of_others + workspace +
                  (a.first_column > 0 ? static_cast<double>(a.d_below.bytes()) : 0.0),
          .written = of_others + workspace};
}

}  // namespace

const Op<Arguments>& batch_norm_gradient_op() {
  static constexpr Op<Arguments> op{"batch_norm_gradient", kVariants, flops, validate, untouched};
  return op;
}

}  // namespace duel

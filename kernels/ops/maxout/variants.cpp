#include <array>

#include "kernels/ops/maxout/launchers.h"

namespace duel {
namespace {

using Forward = MaxoutForward<float>;
using Backward = MaxoutBackward<float>;
using Tangent = MaxoutTangent<float>;

void require_pieces(std::string_view op, int units, int samples, int pieces) {
  require(units > 0 && samples > 0, op, "at least one unit and one sample");
  require(pieces >= 1 && pieces <= kMostPieces, op,
          "1 to " + std::to_string(kMostPieces) + " pieces, not " + std::to_string(pieces));
}

void require_mask_of_units(std::string_view op, const DropoutMask<float>& mask) {
  if (!mask.clock) return;
  require_mask(op, mask);
  require(mask.pixels == 1, op, "1 as pixels of the mask, not " + std::to_string(mask.pixels));
}

void validate_forward(const Forward& a) {
  constexpr auto op = "maxout_forward";
  const int units = a.output.rows, samples = a.output.columns;
  require_pieces(op, units, samples, a.pieces);
  require_shape(op, "linear", a.linear, units * a.pieces, samples);
  require_shape(op, "output", a.output, units, samples);
  require_shape(op, "winner", a.winner, units, samples);
  require_mask_of_units(op, a.mask);
  require_shape_if_present(op, "head_weight", a.head_weight, units);
  if (a.head_weight) require_shape(op, "unit_gradient", a.unit_gradient, units * a.pieces, samples);
}

void validate_backward(const Backward& a) {
  constexpr auto op = "maxout_backward";
  const int units = a.d_output.rows, samples = a.d_output.columns;
  require_pieces(op, units, samples, a.pieces);
  require_shape(op, "d_output", a.d_output, units, samples);
  require_shape(op, "winner", a.winner, units, samples);
  require_shape(op, "d_linear", a.d_linear, units * a.pieces, samples);
  require_mask_of_units(op, a.mask);
}

void validate_tangent(const Tangent& a) {
  constexpr auto op = "maxout_tangent";
  const int units = a.output.rows, samples = a.output.columns;
  require_pieces(op, units, samples, a.pieces);
  require(a.first_column >= 0 && a.first_column < samples, op,
          "first_column from 0 to " + std::to_string(samples - 1) + ", not " + std::to_string(a.first_column));
  require_shape(op, "linear", a.linear, units * a.pieces, samples);
  require_shape(op, "winner", a.winner, units, samples);
  require_shape(op, "output", a.output, units, samples);
  require_mask_of_units(op, a.mask);
}

// A comparison for each piece; with a head's weight also the gradient through the head.
Flops forward_flops(const Forward& a) {
  return {.products = a.head_weight ? 2.0 * a.output.size() : 0, .others = static_cast<double>(a.linear.size())};
}
Flops backward_flops(const Backward& a) {
  return {.others = static_cast<double>(a.d_output.size())};
}

Flops tangent_flops(const Tangent& a) {
  return {.others = static_cast<double>(a.output.rows) * (a.output.columns - a.first_column)};
}

constexpr auto kIdea = "a lane per sample compares the pieces of four units: rows are coalesced";
constexpr auto kBackwardIdea = "a lane per sample writes the pieces of four units: rows are coalesced";
constexpr auto kTangentIdea = "a lane per sample takes the winning pieces of four units";
constexpr auto kOneThreadIdea = "one thread does 64 units of 64 columns; wins on the CPU device";

constexpr std::array kForward{
#ifdef DUEL_CPU_DEVICE
    Variant<Forward>{"one_thread_per_columns", kOneThreadIdea, supports_cpu_device, maxout_forward_one_thread},
#endif
    Variant<Forward>{"four_units_per_lane", kIdea, supports_any_device, maxout_forward_lanes},
};
constexpr std::array kBackward{
#ifdef DUEL_CPU_DEVICE
    Variant<Backward>{"one_thread_per_columns", kOneThreadIdea, supports_cpu_device, maxout_backward_one_thread},
#endif
    Variant<Backward>{"four_units_per_lane", kBackwardIdea, supports_any_device, maxout_backward_lanes},
};
constexpr std::array kTangent{
#ifdef DUEL_CPU_DEVICE
    Variant<Tangent>{"one_thread_per_columns", kOneThreadIdea, supports_cpu_device, maxout_tangent_one_thread},
#endif
    Variant<Tangent>{"four_units_per_lane", kTangentIdea, supports_any_device, maxout_tangent_lanes},
};

}  // namespace

const Op<Forward>& maxout_forward_op() {
  static constexpr Op<Forward> op{"maxout_forward", kForward, forward_flops, validate_forward};
  return op;
}
const Op<Backward>& maxout_backward_op() {
  static constexpr Op<Backward> op{"maxout_backward", kBackward, backward_flops, validate_backward};
  return op;
}
const Op<Tangent>& maxout_tangent_op() {
  static constexpr Op<Tangent> op{"maxout_tangent", kTangent, tangent_flops, validate_tangent};
  return op;
}

}  // namespace duel

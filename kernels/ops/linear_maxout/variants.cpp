#include <array>

#include "kernels/ops/linear_maxout/launchers.h"

namespace duel {
namespace {

using Forward = LinearMaxoutForward<float>;
using Backward = LinearMaxoutBackward<float>;

void require_pieces(std::string_view op, int pieces, int rows) {
  require(pieces >= 1 && pieces <= kMostPieces, op,
          "1 to " + std::to_string(kMostPieces) + " pieces, not " + std::to_string(pieces));
  require(rows % pieces == 0, op,
          "weight with a multiple of " + std::to_string(pieces) + " rows, not " + std::to_string(rows));
}

void validate_forward(const Forward& a) {
  constexpr auto op = "linear_maxout_forward";
  const int batch = a.input.rows, in = a.input.columns, rows = a.weight.rows;
  require(batch > 0 && in > 0 && rows > 0, op, "at least one row, input and output");
  require_pieces(op, a.pieces, rows);
  require_shape(op, "input", a.input, batch, in);
  require_shape(op, "weight", a.weight, rows, in);
  require_shape(op, "bias", a.bias, rows);
  require_shape(op, "linear", a.linear, batch, rows);
  require_shape(op, "output", a.output, batch, rows / a.pieces);
  require_shape(op, "winner", a.winner, batch, rows / a.pieces);
}

void validate_backward(const Backward& a) {
  constexpr auto op = "linear_maxout_backward";
  const int batch = a.input.rows, in = a.input.columns, rows = a.weight.rows;
  require(batch > 0 && in > 0 && rows > 0, op, "at least one row, input and output");
  require_pieces(op, a.pieces, rows);
  require_shape(op, "input", a.input, batch, in);
  require_shape(op, "weight", a.weight, rows, in);
  require_shape(op, "winner", a.winner, batch, rows / a.pieces);
  require_shape(op, "d_output", a.d_output, batch, rows / a.pieces);
  require_shape(op, "d_linear", a.d_linear, batch, rows);
  require_shape_if_present(op, "d_input", a.d_input, batch, in);
  require_shape_if_present(op, "d_weight", a.d_weight, rows, in);
  require_shape_if_present(op, "d_bias", a.d_bias, rows);
  require(static_cast<bool>(a.d_weight) == static_cast<bool>(a.d_bias), op, "d_weight and d_bias, or neither");
}

constexpr Tolerance kTolerance{8.f, "a sum of `depth` products, then a bias and comparisons"};

constexpr std::array kForward{
#ifdef DUEL_CPU_DEVICE
    Variant<Forward>{"one_thread_per_tile",
                     "one thread packs and multiplies a tile: no barriers; wins on the CPU device", supports_cpu_device,
                     linear_maxout_forward_one_thread},
#endif
    Variant<Forward>{"shared_memory_tiles", "the product by tiles, then a thread per unit compares its pieces",
                     supports_any_device, linear_maxout_forward_tiles},
};

constexpr std::array kBackward{
#ifdef DUEL_CPU_DEVICE
    Variant<Backward>{"one_thread_per_tile",
                      "one thread packs and multiplies a tile: no barriers; wins on the CPU device",
                      supports_cpu_device, linear_maxout_backward_one_thread},
#endif
    Variant<Backward>{"shared_memory_tiles", "d_linear and db by columns, then a block per tile of dW and of dX",
                      supports_any_device, linear_maxout_backward_tiles},
};

}  // namespace

const Op<Forward>& linear_maxout_forward_op() {
  static constexpr Op<Forward> op{"linear_maxout_forward", kForward, kTolerance, validate_forward};
  return op;
}
const Op<Backward>& linear_maxout_backward_op() {
  static constexpr Op<Backward> op{"linear_maxout_backward", kBackward, kTolerance, validate_backward};
  return op;
}

}  // namespace duel

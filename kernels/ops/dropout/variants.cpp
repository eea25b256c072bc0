#include <array>

#include "kernels/ops/dropout/launchers.h"

namespace duel {
namespace {

using Arguments = Dropout<float>;

void validate(const Arguments& a) {
  constexpr auto op = "dropout";
  require(a.input.rows > 0 && a.input.columns > 0, op, "at least one feature and one sample");
  require(a.first_column >= 0 && a.samples() > 0, op,
          "first_column from 0 to " + std::to_string(a.input.columns - 1) + ", not " + std::to_string(a.first_column));
  require_mask(op, a.mask);
  require(a.input.rows % a.mask.pixels == 0, op,
          "a multiple of the mask's pixels, " + std::to_string(a.mask.pixels) + ", as rows of input, not " +
              std::to_string(a.input.rows));
  require_shape(op, "input", a.input, a.input.rows, a.input.columns);
  require_shape(op, "output", a.output, a.input.rows, a.input.columns);
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Arguments>{"one_thread_per_columns", "one thread fills 64 columns; wins on the CPU device",
                       supports_cpu_device, dropout_one_thread},
#endif
    Variant<Arguments>{"four_values_per_lane", "a call of Philox per lane, a sample per lane: rows are coalesced",
                       supports_any_device, dropout_lanes},
};

// All of both is used as far as visit() knows, but a part of the columns is.
Bytes untouched(const Arguments& a) {
  const double before = static_cast<double>(sizeof(float)) * a.input.rows * a.first_column;
  return {.read = before + (a.first_column > 0 ? static_cast<double>(a.output.bytes()) : 0.0), .written = before};
}

}  // namespace

const Op<Arguments>& dropout_op() {
  // Ten rounds of Philox for four values, and a product each: about 20.
  static constexpr Op<Arguments> op{
      "dropout", kVariants, [](const Arguments& a) { return Flops{.others = 20.0 * a.input.rows * a.samples()}; },
      validate, untouched};
  return op;
}

}  // namespace duel

#include <array>

#include "kernels/ops/latent_normal/launchers.h"

namespace duel {
namespace {

void validate(const LatentNormal<float>& a) {
  constexpr auto op = "latent_normal";
  require(a.output.rows > 0 && a.output.columns > 0, op, "at least one row and column");
  require_shape(op, "output", a.output, a.output.rows, a.output.columns);
  require_shape(op, "clock", a.clock, 1);
  require(a.output.size() < (std::size_t{1} << 31), op, "fewer than 2^31 values");
}

constexpr std::array kVariants{
    Variant<LatentNormal<float>>{"four_values_per_thread", "a call of Philox and two Box-Muller pairs per thread",
                                 supports_any_device, latent_normal_box_muller},
};

}  // namespace

const Op<LatentNormal<float>>& latent_normal_op() {
  // Ten rounds of Philox for four values, a logarithm, a root, a sine and a cosine for two: about 30 each.
  static constexpr Op<LatentNormal<float>> op{
      "latent_normal", kVariants,
      [](const LatentNormal<float>& a) { return Flops{.others = 30.0 * a.output.rows * a.output.columns}; }, validate};
  return op;
}

}  // namespace duel

#include <array>

#include "kernels/ops/latent_uniform/launchers.h"

namespace duel {
namespace {

void validate(const LatentUniform<float>& a) {
  constexpr auto op = "latent_uniform";
  require(a.output.rows > 0 && a.output.columns > 0, op, "at least one row and column");
  require(a.limit > 0, op, "limit > 0, not " + std::to_string(a.limit));
  require_shape(op, "output", a.output, a.output.rows, a.output.columns);
  require_shape(op, "clock", a.clock, 1);
  require(a.output.size() < (std::size_t{1} << 31), op, "fewer than 2^31 values");
}

constexpr std::array kVariants{
    Variant<LatentUniform<float>>{"four_values_per_thread", "a call of Philox per thread", supports_any_device,
                                  latent_uniform_four_values},
};

}  // namespace

const Op<LatentUniform<float>>& latent_uniform_op() {
  // Ten rounds of Philox for four values, and a product each: about 20.
  static constexpr Op<LatentUniform<float>> op{
      "latent_uniform", kVariants,
      [](const LatentUniform<float>& a) { return Flops{.others = 20.0 * a.output.rows * a.output.columns}; }, validate};
  return op;
}

}  // namespace duel

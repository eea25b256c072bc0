#include <array>

#include "kernels/ops/linear_tangent/launchers.h"

namespace duel {
namespace {

using Arguments = LinearTangent<float>;

void validate(const Arguments& a) {
  constexpr auto op = "linear_tangent";
  const int out = a.weight.rows, in = a.weight.columns, batch = a.batch();
  require(a.first_column >= 0, op, "first_column >= 0, not " + std::to_string(a.first_column));
  require(out > 0 && in > 0 && batch > 0, op, "at least one direction, input and output");
  require_shape(op, "input", a.input, in, a.first_column + batch);
  require_shape(op, "weight", a.weight, out, in);
  require_shape(op, "output", a.output, out, a.first_column + batch);
  if (a.activation == Activation::leaky_relu) require(a.slope >= 0, op, "slope >= 0, not " + std::to_string(a.slope));
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Arguments>{"one_thread_per_tile",
                       "one thread reads W where it lies and multiplies a tile; wins on the CPU device",
                       supports_cpu_device, linear_tangent_one_thread},
#endif
    Variant<Arguments>{"deep_split_depth_tiles",
                       "as split_depth_tiles, of steps four times as deep, in 80 KiB of shared memory",
                       [](const Arguments&, const Device& device) { return has_large_shared_memory(device); },
                       linear_tangent_deep_split_depth},
    Variant<Arguments>{"split_depth_tiles",
                       "as shared_memory_tiles, of fewer rows, and the warps of a block split the depth",
                       supports_any_device, linear_tangent_split_depth},
    Variant<Arguments>{"shared_memory_tiles", "a block per tile of the output", supports_any_device,
                       linear_tangent_tiles},
    Variant<Arguments>{"tf32_mma_tiles", "as deep_split_depth_tiles, products by matrix instructions in TF32",
                       [](const Arguments&, const Device& device) { return has_tf32_and_bf16_products(device); },
                       linear_tangent_tf32, Precision::tf32},
    Variant<Arguments>{"bf16_mma_tiles", "as deep_split_depth_tiles, products by matrix instructions in BF16",
                       [](const Arguments&, const Device& device) { return has_tf32_and_bf16_products(device); },
                       linear_tangent_bf16, Precision::bf16},
    Variant<Arguments>{"fp16_mma_tiles", "as split_depth_tiles, products by matrix instructions in FP16",
                       [](const Arguments&, const Device& device) { return has_fp16_products(device); },
                       linear_tangent_fp16, Precision::fp16},
};

// The columns before the first.
Bytes untouched(const Arguments& a) {
  const double column = static_cast<double>(sizeof(float)) * a.first_column;
  return {.read = column * (a.input.rows + a.output.rows), .written = column * a.output.rows};
}

}  // namespace

const Op<Arguments>& linear_tangent_op() {
  static constexpr Op<Arguments> op{
      "linear_tangent", kVariants,
      [](const Arguments& a) { return Flops{.products = 2.0 * a.weight.rows * a.weight.columns * a.batch()}; },
      validate, untouched};
  return op;
}

}  // namespace duel

#include <array>

#include "kernels/libraries/library.h"
#include "kernels/ops/linear_forward/launchers.h"

namespace duel {
namespace {

using Arguments = LinearForward<float>;

void validate(const Arguments& a) {
  constexpr auto op = "linear_forward";
  const int out = a.weight.rows, in = a.weight.columns, batch = a.input.columns;
  require(out > 0 && in > 0 && batch > 0, op, "at least one sample, input and output");
  require(a.first_column >= 0, op, "first_column >= 0, not " + std::to_string(a.first_column));
  require_shape(op, "input", a.input, in, batch);
  require_shape(op, "weight", a.weight, out, in);
  require_shape(op, "bias", a.bias, out);
  require_columns(op, "output", a.output, out, a.first_column + batch);
  if (a.activation == Activation::leaky_relu) require(a.slope >= 0, op, "slope >= 0, not " + std::to_string(a.slope));
  require(!a.head_weight || !a.gamma, op, "head_weight without batch norm only");
  require_shape_if_present(op, "head_weight", a.head_weight, out);
  if (a.head_weight) require_shape(op, "unit_gradient", a.unit_gradient, out, batch);
  if (!a.gamma) return;
  require(a.activation == Activation::leaky_relu, op, "leaky_relu after batch norm");
  const bool of_batch = a.statistics == BatchStatistics::batch;
  if (of_batch) {
    require(a.first_column == 0 && a.output.columns == batch, op, "an output of the samples alone with batch norm");
  }
  require(a.eps > 0, op, "eps > 0, not " + std::to_string(a.eps));
  require(a.momentum >= 0 && a.momentum <= 1, op, "momentum from 0 to 1, not " + std::to_string(a.momentum));
  require_shape(op, "gamma", a.gamma, out);
  require_shape(op, "beta", a.beta, out);
  require_shape(op, "running_mean", a.running_mean, out);
  require_shape(op, "running_variance", a.running_variance, out);
  require(of_batch || (!a.normalized && !a.inverse_deviation), op,
          "normalized and inverse_deviation with the batch's statistics only");
  if (!of_batch) return;
  require_shape(op, "normalized", a.normalized, out, batch);
  require_shape(op, "inverse_deviation", a.inverse_deviation, out);
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Arguments>{"one_thread_per_tile",
                       "one thread reads W where it lies and multiplies a tile; wins on the CPU device",
                       supports_cpu_device, linear_forward_one_thread},
#endif
    Variant<Arguments>{"deep_split_depth_tiles",
                       "as split_depth_tiles, of steps four times as deep, in 80 KiB of shared memory",
                       [](const Arguments&, const Device& device) { return has_large_shared_memory(device); },
                       linear_forward_deep_split_depth},
    Variant<Arguments>{"split_depth_tiles",
                       "as shared_memory_tiles, of fewer rows, and the warps of a block split the depth",
                       supports_any_device, linear_forward_split_depth},
    Variant<Arguments>{"shared_memory_tiles",
                       "a block per tile of y, or per rows of y where batch norm needs whole ones", supports_any_device,
                       linear_forward_tiles},
#ifdef DUEL_PRODUCT_LIBRARY
    Variant<Arguments>{DUEL_PRODUCT_LIBRARY,
                       "the library's product, then a kernel of ours for all that follows; to compare with",
                       supports_product_library, linear_forward_library},
#endif
#ifdef DUEL_CUDNN
    Variant<Arguments>{"cudnn", "cuBLASLt's product, our bias, cuDNN's batch norm, tanh or sigmoid; to compare with",
                       linear_forward_cudnn_supports, linear_forward_cudnn},
#endif
    Variant<Arguments>{"tf32_mma_tiles", "as deep_split_depth_tiles, products by matrix instructions in TF32",
                       [](const Arguments&, const Device& device) { return has_tf32_and_bf16_products(device); },
                       linear_forward_tf32, Precision::tf32},
    Variant<Arguments>{"bf16_mma_tiles", "as deep_split_depth_tiles, products by matrix instructions in BF16",
                       [](const Arguments&, const Device& device) { return has_tf32_and_bf16_products(device); },
                       linear_forward_bf16, Precision::bf16},
    Variant<Arguments>{"fp16_mma_tiles", "as split_depth_tiles, products by matrix instructions in FP16",
                       [](const Arguments&, const Device& device) { return has_fp16_products(device); },
                       linear_forward_fp16, Precision::fp16},
};

// With a head's weight also the gradient through the head.
Flops flops(const Arguments& a) {
  return {.products = 2.0 * a.weight.rows * (a.weight.columns + (a.head_weight ? 1 : 0)) * a.input.columns};
}

// All of output is updated as far as visit() knows, but a part of its columns is written.
Bytes untouched(const Arguments& a) {
  return {.read = static_cast<double>(a.output.bytes()),
          .written = static_cast<double>(sizeof(float)) * a.output.rows * (a.output.columns - a.input.columns)};
}

}  // namespace

const Op<Arguments>& linear_forward_op() {
  static constexpr Op<Arguments> op{"linear_forward", kVariants, flops, validate, untouched};
  return op;
}

}  // namespace duel

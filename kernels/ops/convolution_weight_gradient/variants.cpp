#include <array>

#include "kernels/convolution/rows.h"
#include "kernels/libraries/library.h"
#include "kernels/ops/convolution_weight_gradient/launchers.h"

namespace duel {
namespace {

using Arguments = ConvolutionWeightGradient<float>;

void validate(const Arguments& a) {
  constexpr auto op = "convolution_weight_gradient";
  require_geometry(op, a.geometry);
  const ConvolutionGeometry& g = a.geometry;
  const int batch = a.batch();
  require(batch > 0, op, "at least one sample");
  require_shape(op, "d_linear", a.d_linear, g.layer_output().rows(), batch);
  require_shape(op, "input", a.input, g.layer_input().rows(), batch);
  require(a.without_bias >= 0 && a.without_bias <= batch, op,
          "without_bias from 0 to " + std::to_string(batch) + ", not " + std::to_string(a.without_bias));
  require_optimizer(op, a.optimizer);
  require_parameter(op, kWeightNames, a.weight, a.optimizer, g.weight_rows(), g.weight_columns());
  if (a.has_bias()) require_parameter(op, kBiasNames, a.bias, a.optimizer, g.layer_output().channels);
  require_workspace(op, a.workspace, convolution_weight_gradient_workspace(g, batch));
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Arguments>{"one_thread_per_tile",
                       "one thread reads one image where it lies and packs the other; wins on the CPU device",
                       supports_cpu_device, convolution_weight_gradient_one_thread},
#endif
    Variant<Arguments>{"shared_memory_tiles", "a block per tile and part of the pixels, then the parts' sum",
                       supports_any_device, convolution_weight_gradient_tiles},
    Variant<Arguments>{"split_depth_tiles",
                       "as shared_memory_tiles, of fewer rows, and the warps of a block split the depth",
                       supports_any_device, convolution_weight_gradient_split_depth},
    Variant<Arguments>{"direct", "a thread per value and part, sums in a loop; to read and to compare with",
                       supports_any_device, convolution_weight_gradient_direct},
#ifdef DUEL_PRODUCTS_IN_BLOCKS
    Variant<Arguments>{DUEL_PRODUCT_LIBRARY,
                       "gathers what some columns meet, then the library's product, by part; to compare with",
                       convolution_weight_gradient_library_supports, convolution_weight_gradient_library},
#endif
#ifdef DUEL_CUDNN
    Variant<Arguments>{"cudnn",
                       "cuDNN on images that are transposed, and upsampled meanwhile; then our update; to compare with",
                       convolution_weight_gradient_cudnn_supports, convolution_weight_gradient_cudnn},
#endif
    Variant<Arguments>{"tf32_mma_tiles", "as shared_memory_tiles, products by matrix instructions in TF32",
                       [](const Arguments&, const Device& device) { return has_tf32_and_bf16_products(device); },
                       convolution_weight_gradient_tf32, Precision::tf32},
    Variant<Arguments>{"bf16_mma_tiles", "as shared_memory_tiles, products by matrix instructions in BF16",
                       [](const Arguments&, const Device& device) { return has_tf32_and_bf16_products(device); },
                       convolution_weight_gradient_bf16, Precision::bf16},
    Variant<Arguments>{"fp16_mma_tiles", "as shared_memory_tiles, products by matrix instructions in FP16",
                       [](const Arguments&, const Device& device) { return has_fp16_products(device); },
                       convolution_weight_gradient_fp16, Precision::fp16},
};

// With an optimizer about six operations more for each of its states of a weight.
Flops flops(const Arguments& a) {
  const WeightProduct product(a.geometry, a.batch());
  const std::size_t states = a.optimizer.progress ? traits_of(a.optimizer.settings.kind).states.size() : 0;
  return {.products = passage_flops(product.passage, a.batch()).products,
          .others = 6.0 * static_cast<double>(states) * a.geometry.weight_rows() * a.geometry.weight_columns()};
}

Bytes untouched(const Arguments& a) {
  const auto workspace = static_cast<double>(a.workspace.bytes());
  return {workspace, workspace};
}

}  // namespace

const Op<Arguments>& convolution_weight_gradient_op() {
  static constexpr Op<Arguments> op{"convolution_weight_gradient", kVariants, flops, validate, untouched};
  return op;
}

}  // namespace duel

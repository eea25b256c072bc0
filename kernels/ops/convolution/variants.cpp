#include <array>

#include "kernels/convolution/rows.h"
#include "kernels/libraries/library.h"
#include "kernels/ops/convolution/launchers.h"

namespace duel {
namespace {

using Arguments = Convolution<float>;

void validate(const Arguments& a) {
  constexpr auto op = "convolution";
  require_geometry(op, a.geometry);
  const int from = a.geometry.layer_input().rows(), batch = a.batch();
  const ImageShape to = a.geometry.layer_output();
  require(batch > 0, op, "at least one sample");
  require(a.first_column >= 0, op, "first_column >= 0, not " + std::to_string(a.first_column));
  require_shape(op, "input", a.input, from, batch);
  require_shape(op, "weight", a.weight, a.geometry.weight_rows(), a.geometry.weight_columns());
  require_shape_if_present(op, "bias", a.bias, to.channels);
  require_columns(op, "output", a.output, to.rows(), a.first_column + batch);
  require_shape_if_present(op, "head_weight", a.head_weight, to.rows());
  if (a.head_weight) require_shape(op, "unit_gradient", a.unit_gradient, to.rows(), batch);
  if (a.activation == Activation::leaky_relu) require(a.slope >= 0, op, "slope >= 0, not " + std::to_string(a.slope));
  require_workspace(op, a.workspace, convolution_workspace(a.geometry));
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Arguments>{"one_thread_per_tile",
                       "one thread multiplies a pixel's filters by the rows that they meet; wins on the CPU device",
                       supports_cpu_device, convolution_one_thread},
#endif
    Variant<Arguments>{"shared_memory_tiles", "a block per pixel and tile of its channels and samples",
                       supports_any_device, convolution_tiles},
    Variant<Arguments>{"split_depth_tiles",
                       "as shared_memory_tiles, of fewer rows, and the warps of a block split the depth",
                       supports_any_device, convolution_split_depth},
    Variant<Arguments>{"direct", "a thread per value, sums in a loop; to read and to compare with", supports_any_device,
                       convolution_direct},
#ifdef DUEL_PRODUCTS_IN_BLOCKS
    Variant<Arguments>{DUEL_PRODUCT_LIBRARY,
                       "gathers what a pixel's filters meet, then the library's product; to compare with",
                       supports_product_library, convolution_library},
#endif
#ifdef DUEL_CUDNN
    Variant<Arguments>{"cudnn", "cuDNN on images that are transposed, and upsampled meanwhile; to compare with",
                       convolution_cudnn_supports, convolution_cudnn},
#endif
    Variant<Arguments>{"tf32_mma_tiles", "as shared_memory_tiles, products by matrix instructions in TF32",
                       [](const Arguments&, const Device& device) { return has_tf32_and_bf16_products(device); },
                       convolution_tf32, Precision::tf32},
    Variant<Arguments>{"bf16_mma_tiles", "as shared_memory_tiles, products by matrix instructions in BF16",
                       [](const Arguments&, const Device& device) { return has_tf32_and_bf16_products(device); },
                       convolution_bf16, Precision::bf16},
    Variant<Arguments>{"fp16_mma_tiles", "as shared_memory_tiles, products by matrix instructions in FP16",
                       [](const Arguments&, const Device& device) { return has_fp16_products(device); },
                       convolution_fp16, Precision::fp16},
};

// All of output is updated as far as visit() knows, but a part of its columns is written.
Bytes untouched(const Arguments& a) {
  return {.read = static_cast<double>(a.output.bytes() + a.workspace.bytes()),
          .written = static_cast<double>(sizeof(float)) * a.output.rows * (a.output.columns - a.batch()) +
                     static_cast<double>(a.workspace.bytes())};
}

}  // namespace

const Op<Arguments>& convolution_op() {
  static constexpr Op<Arguments> op{
      "convolution", kVariants,
      [](const Arguments& a) { return passage_flops(forward_passage(a.geometry), a.batch()); }, validate, untouched};
  return op;
}

}  // namespace duel

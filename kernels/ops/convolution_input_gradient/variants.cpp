#include <array>

#include "kernels/convolution/rows.h"
#include "kernels/libraries/library.h"
#include "kernels/ops/convolution_input_gradient/launchers.h"

namespace duel {
namespace {

using Arguments = ConvolutionInputGradient<float>;

bool is_in_place(const Arguments& a) {
  return a.output.data == a.d_below.data;
}

void validate(const Arguments& a) {
  constexpr auto op = "convolution_input_gradient";
  require_geometry(op, a.geometry);
  const ImageShape below = a.geometry.layer_input();
  const int rows = a.d_below.rows, batch = a.batch();
  require(batch > 0, op, "at least one sample");
  require(a.first_column >= 0, op, "first_column >= 0, not " + std::to_string(a.first_column));
  require(a.below_column >= 0, op, "below_column >= 0, not " + std::to_string(a.below_column));
  require_shape(op, "weight", a.weight, a.geometry.weight_rows(), a.geometry.weight_columns());
  require_columns(op, "d_linear", a.d_linear, a.geometry.layer_output().rows(), a.first_column + batch);
  require_shape_if_present(op, "factor", a.factor, batch);
  if (a.output) require_columns(op, "output", a.output, rows, a.first_column + batch);
  require(rows > 0 && rows % below.pixels() == 0 && rows <= below.rows(), op,
          "d_below of 1 to " + std::to_string(below.channels) + " channels of " + std::to_string(below.pixels()) +
              " rows each, not " + shape_text(a.d_below));
  if (a.below == Activation::leaky_relu) require(a.slope >= 0, op, "slope >= 0, not " + std::to_string(a.slope));
  require(!is_in_place(a) || (a.first_column == a.below_column && a.output.columns == a.d_below.columns), op,
          "first_column " + std::to_string(a.below_column) +
              ", as below_column, where d_below takes output's place, not " + std::to_string(a.first_column));
  require_workspace(op, a.workspace, convolution_input_gradient_workspace(a.geometry));
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Arguments>{"one_thread_per_tile",
                       "one thread multiplies a pixel's filters by the rows that they meet; wins on the CPU device",
                       supports_cpu_device, convolution_input_gradient_one_thread},
#endif
    Variant<Arguments>{"shared_memory_tiles", "a block per pixel and tile of its channels and samples",
                       supports_any_device, convolution_input_gradient_tiles},
    Variant<Arguments>{"split_depth_tiles",
                       "as shared_memory_tiles, of fewer rows, and the warps of a block split the depth",
                       supports_any_device, convolution_input_gradient_split_depth},
    Variant<Arguments>{"direct", "a thread per value, sums in a loop; to read and to compare with", supports_any_device,
                       convolution_input_gradient_direct},
#ifdef DUEL_PRODUCTS_IN_BLOCKS
    Variant<Arguments>{
        DUEL_PRODUCT_LIBRARY, "gathers what a pixel's filters meet, then the library's product; to compare with",
        [](const Arguments& a, const Device& device) {  // products would take y's place before it is read
          return !is_in_place(a) && supports_product_library(a, device);
        },
        convolution_input_gradient_library},
#endif
#ifdef DUEL_CUDNN
    Variant<Arguments>{"cudnn",
                       "cuDNN on images that are transposed, and go back through upsampling meanwhile; to compare with",
                       convolution_input_gradient_cudnn_supports, convolution_input_gradient_cudnn},
#endif
    Variant<Arguments>{"tf32_mma_tiles", "as shared_memory_tiles, products by matrix instructions in TF32",
                       [](const Arguments&, const Device& device) { return has_tf32_and_bf16_products(device); },
                       convolution_input_gradient_tf32, Precision::tf32},
    Variant<Arguments>{"bf16_mma_tiles", "as shared_memory_tiles, products by matrix instructions in BF16",
                       [](const Arguments&, const Device& device) { return has_tf32_and_bf16_products(device); },
                       convolution_input_gradient_bf16, Precision::bf16},
    Variant<Arguments>{"fp16_mma_tiles", "as shared_memory_tiles, products by matrix instructions in FP16",
                       [](const Arguments&, const Device& device) { return has_fp16_products(device); },
                       convolution_input_gradient_fp16, Precision::fp16},
};

// The columns of others, and the weight of channels that are not written.
Bytes untouched(const Arguments& a) {
  const auto others = [&](const auto& matrix) {
    return matrix ? static_cast<double>(sizeof(float)) * matrix.rows * (matrix.columns - a.batch()) : 0.0;
  };
  const auto workspace = static_cast<double>(a.workspace.bytes()), weight = static_cast<double>(a.weight.bytes());
  const double written = 1.0 * a.d_below.rows / a.geometry.layer_input().rows();
  return {.read = others(a.d_linear) + others(a.output) + workspace + (1 - written) * weight +
                  (a.below_column > 0 ? static_cast<double>(a.d_below.bytes()) : 0.0),
          .written = others(a.d_below) + workspace};
}

}  // namespace

const Op<Arguments>& convolution_input_gradient_op() {
  static constexpr Op<Arguments> op{"convolution_input_gradient", kVariants,
                                    [](const Arguments& a) { return passage_flops(a.passage(), a.batch()); }, validate,
                                    untouched};
  return op;
}

}  // namespace duel

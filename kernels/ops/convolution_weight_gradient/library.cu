// convolution_weight_gradient by a library's products, on the CPU device, to compare with: a block gathers what some
// columns of a part meet, a few pixels at a time, and adds the product with the rows' image, which lies as it must.
#include "kernels/convolution/library_passage.cuh"
#include "kernels/ops/convolution_weight_gradient/partial_products.cuh"

namespace duel {
namespace {

constexpr int kColumns = 128, kLargestDepth = 1024;

__global__ void library_products_kernel(const __grid_constant__ ConvolutionWeightGradient<float> a,
                                        const __grid_constant__ WeightProduct p) {
  __shared__ float gathered[kColumns][kLargestDepth];
  const PartImages images(a, p);
  const int panels = static_cast<int>(tiles_over(p.columns, kColumns)), batch = a.batch();
  const int column0 = static_cast<int>(blockIdx.x) % panels * kColumns, part = static_cast<int>(blockIdx.x) / panels;
  const int columns = std::min(kColumns, p.columns - column0), at_a_time = kLargestDepth / batch;
  const int first = part * p.pixels_of_part, end = std::min(first + p.pixels_of_part, p.pixels);
  float* const result = a.workspace.data + static_cast<std::size_t>(part) * p.rows * p.columns + column0;
  for (int pixel = first; pixel < end; pixel += at_a_time) {
    const int pixels = std::min(at_a_time, end - pixel), depth = pixels * batch;
    const TapLines lines(images.gathered, p, PixelDepth(pixel, pixels, batch, batch));
    for (int column = 0; column < columns; ++column) {
      for (int depth0 = 0; depth0 < depth; depth0 += batch) {
        copy_line(gathered[column] + depth0, lines.line(column0 + column, depth, depth0), batch);
      }
    }
    multiply_in_block(
        {.a = {images.rows.data + static_cast<std::size_t>(pixel) * batch, p.rows, depth, p.pixels * batch},
         .b = {&gathered[0][0], columns, depth, kLargestDepth, true},
         .result = result,
         .result_stride = p.columns},
        pixel > first);
  }
}

}  // namespace

bool convolution_weight_gradient_library_supports(const ConvolutionWeightGradient<float>& a, const Device& device) {
  return a.batch() <= kLargestDepth && supports_product_library(a, device);
}

void convolution_weight_gradient_library(const ConvolutionWeightGradient<float>& a, StreamView stream) {
  load_product_library();
  const WeightProduct product(a.geometry, a.batch());
  launch(stream, {tiles_over(product.columns, kColumns) * static_cast<unsigned>(product.parts)},
         library_products_kernel, a, product);
  launch_merge(a, product, stream);
}

}  // namespace duel

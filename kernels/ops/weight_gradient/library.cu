// weight_gradient by a library's product, where the weight's gradient is kept: it is the product. A kernel of ours sums
// up the bias's and updates both.
#include "kernels/libraries/library.h"

#include "kernels/levels/update_parameter.cuh"
#include "kernels/libraries/rows.cuh"
#include "kernels/ops/weight_gradient/launchers.h"

namespace duel {
namespace {

__global__ void __launch_bounds__(kRowThreads) finish_update_kernel(const __grid_constant__ WeightGradient<float> a) {
  using Lanes = LibraryLanes;
  const int in = a.input.rows, batch = a.d_linear.columns;
  const UpdateStep step = step_of(a.optimizer);
  TrainedParameter<float, 2> weight = a.weight;
  weight.gradient = {};  // it is there
  for_each_row_of_block(a.d_linear.rows, [&](int r) {
    const float* const d = a.d_linear.data + static_cast<std::size_t>(r) * batch;
    auto sum = Lanes::Row::filled(0.f);
    Lanes::for_each_piece(batch - a.without_bias,
                          [&](int c, int valid) { sum = sum + load_row<Lanes::kWidth>(d + c, valid); });
    const float gradient = Lanes::sum(sum);
    if (Lanes::is_first_lane()) update_parameter(a.bias, r, gradient, step);
    if (!a.optimizer.progress) return;
    const std::size_t begin = static_cast<std::size_t>(r) * in;
    Lanes::for_each_piece(in, [&](int c, int valid) {
      const auto row = load_row<Lanes::kWidth>(a.weight.gradient.data + begin + c, valid);
      update_parameter<Lanes::kWidth>(weight, begin + c, valid, false, row, step);
    });
  });
}

}  // namespace

bool weight_gradient_library_supports(const WeightGradient<float>& a, const Device& device) {
  return a.weight.gradient && supports_product_library(a, device);
}

void weight_gradient_library(const WeightGradient<float>& a, StreamView stream) {
  launch_library_product({.a = factor(a.d_linear),
                          .b = transposed_factor(a.input),
                          .result = a.weight.gradient.data,
                          .result_stride = a.weight.gradient.columns},
                         stream);
  launch(stream, row_blocks(a.d_linear.rows), finish_update_kernel, a);
}

}  // namespace duel

// input_gradient by a library's product, into d_below, which a kernel of ours then reads and writes.
#include "kernels/libraries/library.h"

#include "kernels/libraries/rows.cuh"
#include "kernels/ops/input_gradient/finish.cuh"
#include "kernels/ops/input_gradient/launchers.h"

namespace duel {
namespace {

__global__ void __launch_bounds__(kRowThreads) finish_gradient_kernel(const __grid_constant__ InputGradient<float> a) {
  using Lanes = LibraryLanes;
  const int batch = a.batch();
  const UpdateStep step = step_of(a.optimizer);
  for_each_row_of_block(a.in(), [&](int r) {
    float* const products = a.d_below.data + static_cast<std::size_t>(r) * a.d_below.columns + a.below_column;
    Lanes::for_each_piece(batch, [&](int c, int valid) {
      const auto product = load_row<Lanes::kWidth>(products + c, valid);
      if (a.normalized) {  // a lane reads again what it wrote itself
        store_row(products + c, times_factor<Lanes::kWidth>(a, c, valid, product), valid, false);
      } else {
        finish_piece<Lanes::kWidth>(a, r, c, valid, false, product);
      }
    });
    if (a.normalized) through_batch_norm<Lanes>(a, r, products, step);
  });
}

}  // namespace

void input_gradient_library(const InputGradient<float>& a, StreamView stream) {
  Factor weight = transposed_factor(a.weight);
  weight.columns = a.in();
  launch_library_product({.a = weight,
                          .b = factor_of_columns(a.d_linear, a.first_column, a.batch()),
                          .result = a.d_below.data + a.below_column,
                          .result_stride = a.d_below.columns},
                         stream);
  launch(stream, row_blocks(a.in()), finish_gradient_kernel, a);
}

}  // namespace duel

// linear_forward by a library's product: into `normalized` where rows need their statistics, else to where y belongs. A
// kernel of ours does the rest.
#include "kernels/libraries/library.h"

#include "kernels/libraries/rows.cuh"
#include "kernels/ops/linear_forward/finish.cuh"
#include "kernels/ops/linear_forward/launchers.h"

namespace duel {
namespace {

__global__ void __launch_bounds__(kRowThreads) finish_forward_kernel(const __grid_constant__ LinearForward<float> a) {
  using Lanes = LibraryLanes;
  const int batch = a.input.columns;
  for_each_row_of_block(a.weight.rows, [&](int r) {
    const bool of_batch = owns_rows(a);
    float* const products = of_batch ? a.normalized.data + static_cast<std::size_t>(r) * batch
                                     : a.output.data + static_cast<std::size_t>(r) * a.output.columns + a.first_column;
    Lanes::for_each_piece(batch, [&](int c, int valid) {
      const auto product = load_row<Lanes::kWidth>(products + c, valid);
      if (of_batch) {  // a lane reads again what it wrote itself
        store_row(products + c, product + Lanes::Row::filled(a.bias.data[r]), valid, false);
      } else {
        finish_piece<Lanes::kWidth>(a, r, c, valid, false, false, product);
      }
    });
    if (of_batch) normalize_row<Lanes>(a, r, products);
  });
}

}  // namespace

void linear_forward_library(const LinearForward<float>& a, StreamView stream) {
  const bool of_batch = owns_rows(a);
  launch_library_product({.a = factor(a.weight),
                          .b = factor(a.input),
                          .result = of_batch ? a.normalized.data : a.output.data + a.first_column,
                          .result_stride = of_batch ? a.normalized.columns : a.output.columns},
                         stream);
  launch(stream, row_blocks(a.weight.rows), finish_forward_kernel, a);
}

}  // namespace duel

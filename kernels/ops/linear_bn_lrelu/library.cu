// linear_bn_lrelu with a library's products: bias, statistics and activation in one kernel behind the product, whose
// blocks own columns; dA and its sums by columns before the two products of the backward pass.
#include "kernels/linear/library.h"

#include "kernels/linear/epilogue.cuh"
#include "kernels/linear/gradients.h"
#include "kernels/ops/linear_bn_lrelu/batch_norm.cuh"
#include "kernels/ops/linear_bn_lrelu/launchers.h"

namespace duel {
namespace {

// `normalized` holds the products x Wᵀ.
template <int kThreads, int kColumns>
__global__ void __launch_bounds__(kThreads) bias_bn_lrelu_kernel(BatchNorm p, int rows, int columns) {
  using Sum = ColumnSum<kThreads, kColumns>;
  __shared__ typename Sum::Partials partials;
  const int column0 = blockIdx.x * kColumns, c = column0 + Sum::column(), valid = columns - c;
  if (valid > 0) {
    const auto bias = load_row<Sum::kWidth>(p.bias + c, valid);
    for (int r = Sum::group(); r < rows; r += Sum::kGroups) {  // the rows that this thread reads again
      float* const sums = p.normalized + static_cast<std::size_t>(r) * columns + c;
      store_row(sums, load_row<Sum::kWidth>(sums, valid) + bias, valid, false);
    }
  }
  normalize_columns<Sum>(partials, p, rows, columns, column0);
}

}  // namespace

void linear_bn_lrelu_forward_library(const LinearBnLreluForward<float>& a, StreamView stream) {
  const BatchNorm p = batch_norm_of(a);
  if (a.statistics == BatchStatistics::running) {
    launch_library_product(output_product(a.input, a.weight, a.output), stream);
    return launch_epilogue(a.output, a.output, RunningBnLrelu{p}, stream);
  }
  launch_library_product(output_product(a.input, a.weight, a.normalized), stream);
  launch(stream, {blocks_for(a.output.columns, kColumnsPerBlock), kColumnThreads},
         bias_bn_lrelu_kernel<kColumnThreads, kColumnsPerBlock>, p, a.output.rows, a.output.columns);
}

void linear_bn_lrelu_backward_library(const LinearBnLreluBackward<float>& a, StreamView stream) {
  launch_bn_lrelu_backward<kColumnThreads, kColumnsPerBlock>(a, stream);
  launch_linear_gradients(launch_library_product, a, stream);
}

}  // namespace duel

// dA = dY * f'(Y) for an activation whose derivative follows from its value, and dB = column sums of dA. A block owns
// kColumns columns over all rows, so the sums need no second pass and have a fixed order.
#pragma once

#include "kernels/device/column_sum.cuh"
#include "kernels/runtime/launch.h"
#include "kernels/runtime/view.h"

namespace duel {

template <int kThreads, int kColumns, class Gradient>
__global__ void __launch_bounds__(kThreads)
    activation_backward_kernel(const float* __restrict__ output, const float* __restrict__ d_output,
                               float* __restrict__ d_linear, float* __restrict__ d_bias, int rows, int columns,
                               Gradient gradient) {
  using Sum = ColumnSum<kThreads, kColumns>;
  __shared__ typename Sum::Partials partials;
  const int c = blockIdx.x * kColumns + Sum::column();
  const int valid = columns - c;
  auto total = Sum::Row::filled(0.f);
  if (valid > 0) {
    for (int r = Sum::group(); r < rows; r += Sum::kGroups) {
      const std::size_t at = static_cast<std::size_t>(r) * columns + c;
      const auto d = gradient(load_row<Sum::kWidth>(output + at, valid), load_row<Sum::kWidth>(d_output + at, valid));
      store_row(d_linear + at, d, valid, false);
      total = total + d;
    }
  }
  total = Sum::combine(partials, total);
  if (d_bias && valid > 0 && Sum::group() == 0) store_row(d_bias + c, total, valid, false);
}

/// output, d_output, d_linear [batch, out]; d_bias [out] or absent. gradient(y, dy) works on RegisterRow.
template <int kThreads, int kColumns, class Gradient>
void launch_activation_backward(Matrix<const float> output, Matrix<const float> d_output, Matrix<float> d_linear,
                                Vector<float> d_bias, const Gradient& gradient, StreamView stream) {
  launch(stream, {blocks_for(output.columns, kColumns), kThreads},
         activation_backward_kernel<kThreads, kColumns, Gradient>, output.data, d_output.data, d_linear.data,
         d_bias.data, output.rows, output.columns, gradient);
}

}  // namespace duel

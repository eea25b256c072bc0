// Linear layers: 16 x 16 tiles through shared memory, one output per thread; gradients with a tree reduction.
#include "kernels/ops/linear_lrelu/linear_lrelu.h"
#include "kernels/ops/linear_tanh/linear_tanh.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kTile = 16;

enum class Forward {
  none,
  no_barrier_after_load,
  no_barrier_before_load,
  store_without_column_guard,
  weight_without_depth_guard,
  threads_leave_before_barrier,
  one_term_lost,
  bias_of_row,
  slope_for_positive,
  transposed_index,
  atomic_sum_over_depth,
  one_barrier_in_a_branch,
};

template <Forward kDefect, bool kTanh>
__device__ float activate(float a, float slope) {
  if (kTanh) return tanhf(a);
  const bool positive = kDefect == Forward::slope_for_positive ? a < 0.f : a > 0.f;
  return positive ? a : a * slope;
}

template <Forward kDefect, bool kTanh>
__global__ void forward_kernel(const float* x, const float* w, const float* b, float* y, int rows, int depth,
                               int columns, float slope) {
  __shared__ float a_tile[kTile][kTile], b_tile[kTile][kTile];
  const int tx = threadIdx.x, ty = threadIdx.y;
  const int row = blockIdx.y * kTile + ty, column = blockIdx.x * kTile + tx;
  if (kDefect == Forward::threads_leave_before_barrier && (row >= rows || column >= columns)) return;
  float sum = 0.f;
  for (int k0 = 0; k0 < depth; k0 += kTile) {
    a_tile[ty][tx] = row < rows && k0 + tx < depth ? x[row * depth + k0 + tx] : 0.f;
    const int w_row = blockIdx.x * kTile + ty;
    const bool inside = w_row < columns && (kDefect == Forward::weight_without_depth_guard || k0 + tx < depth);
    b_tile[ty][tx] = inside ? w[w_row * depth + k0 + tx] : 0.f;
    if constexpr (kDefect == Forward::one_barrier_in_a_branch) {
      if (ty % 2 == 0) {
        __syncthreads();
      } else {
        __syncthreads();
      }
    } else if constexpr (kDefect != Forward::no_barrier_after_load) {
      __syncthreads();
    }
    for (int k = kDefect == Forward::one_term_lost && k0 > 0 ? 1 : 0; k < kTile; ++k) {
      sum += a_tile[ty][k] * (kDefect == Forward::transposed_index ? b_tile[k][tx] : b_tile[tx][k]);
    }
    if constexpr (kDefect != Forward::no_barrier_before_load) __syncthreads();
  }
  if (row >= rows || (kDefect != Forward::store_without_column_guard && column >= columns)) return;
  const float bias = kDefect == Forward::store_without_column_guard && column >= columns ? 0.f
                     : kDefect == Forward::bias_of_row                                   ? b[row % columns]
                                                                                         : b[column];
  y[row * columns + column] = activate<kDefect, kTanh>(sum + bias, slope);
}

// A thread for each output and part of the depth; the parts meet in float atomics, in whatever order they come.
__global__ void atomic_parts_kernel(const float* x, const float* w, const float* b, float* y, int rows, int depth,
                                    int columns) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= rows * columns) return;
  float sum = blockIdx.y == 0 ? b[i % columns] : 0.f;
  for (int k = blockIdx.y; k < depth; k += gridDim.y) sum += x[i / columns * depth + k] * w[i % columns * depth + k];
  atomicAdd(y + i, sum);
}
__global__ void fill_kernel(float* y, int count) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) y[i] = 0.f;
}
__global__ void tanh_kernel(float* y, int count) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) y[i] = tanhf(y[i]);
}

template <Forward kDefect, class Arguments>
void forward(const Arguments& a, StreamView stream) {
  constexpr bool kTanh = std::is_same_v<Arguments, LinearTanhForward<float>>;
  const int rows = a.input.rows, depth = a.input.columns, columns = a.weight.rows;
  if constexpr (kDefect == Forward::atomic_sum_over_depth) {
    const auto count = static_cast<std::size_t>(rows) * columns;
    launch(stream, {blocks_for(count, 128), 128}, fill_kernel, a.output.data, rows * columns);
    launch(stream, {dim3(blocks_for(count, 128), 8), 128}, atomic_parts_kernel, a.input.data, a.weight.data,
           a.bias.data, a.output.data, rows, depth, columns);
    launch(stream, {blocks_for(count, 128), 128}, tanh_kernel, a.output.data, rows * columns);
  } else {
    float slope = 0.f;
    if constexpr (!kTanh) slope = a.slope;
    const dim3 grid(blocks_for(columns, kTile), blocks_for(rows, kTile));
    launch(stream, {grid, dim3(kTile, kTile)}, forward_kernel<kDefect, kTanh>, a.input.data, a.weight.data, a.bias.data,
           a.output.data, rows, depth, columns, slope);
  }
}

enum class Backward {
  none,
  no_barrier_in_tree,
  tree_loses_odd_rows,
  slope_by_gradient_sign,
  gradient_overwritten_in_place,
  weight_gradient_accumulates,
  weight_gradient_of_unscaled,
  last_row_left_out,
  products_on_another_stream,
  bias_sum_starts_late,
};

constexpr int kTreeThreads = 64;

// A block owns a column: dA of its rows, and their sum by a tree in shared memory.
template <Backward kDefect, bool kTanh>
__global__ void activation_kernel(const float* y, float* dy, float* da, float* db, int rows, int columns, float slope) {
  __shared__ float partial[kTreeThreads];
  const int column = blockIdx.x, t = threadIdx.x;
  const int own_rows = kDefect == Backward::last_row_left_out && rows > 1 ? rows - 1 : rows;
  float sum = 0.f;
  for (int row = t; row < own_rows; row += kTreeThreads) {
    const int i = row * columns + column;
    const float d = dy[i];
    const float sign = kDefect == Backward::slope_by_gradient_sign ? d : y[i];
    const float result = kTanh ? d * (1.f - y[i] * y[i]) : (sign > 0.f ? d : d * slope);
    if (kDefect == Backward::gradient_overwritten_in_place) dy[i] = result;
    da[i] = result;
    if (kDefect != Backward::bias_sum_starts_late || row > 0) sum += result;
  }
  if (db == nullptr) return;
  partial[t] = sum;
  __syncthreads();
  for (int half = kTreeThreads / 2; half > 0; half /= 2) {
    const int from = kDefect == Backward::tree_loses_odd_rows ? t + half - (half == 1) : t + half;
    if (t < half) partial[t] += partial[from];
    if constexpr (kDefect != Backward::no_barrier_in_tree) __syncthreads();
  }
  if (t == 0) db[column] = partial[0];
}

// One value of dW or dX per thread.
template <Backward kDefect>
__global__ void weight_gradient_kernel(const float* da, const float* x, float* dw, int rows, int in, int out) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= in * out) return;
  float sum = kDefect == Backward::weight_gradient_accumulates ? dw[i] : 0.f;
  for (int row = 0; row < rows; ++row) sum += da[row * out + i / in] * x[row * in + i % in];
  dw[i] = sum;
}
__global__ void input_gradient_kernel(const float* da, const float* w, float* dx, int rows, int in, int out) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= rows * in) return;
  float sum = 0.f;
  for (int o = 0; o < out; ++o) sum += da[i / in * out + o] * w[o * in + i % in];
  dx[i] = sum;
}

template <Backward kDefect, class Arguments>
void backward(const Arguments& a, StreamView stream) {
  constexpr bool kTanh = std::is_same_v<Arguments, LinearTanhBackward<float>>;
  const int rows = a.input.rows, in = a.input.columns, out = a.weight.rows;
  float slope = 0.f;
  if constexpr (!kTanh) slope = a.slope;
  static const Stream other;
  const StreamView products = kDefect == Backward::products_on_another_stream ? StreamView(other) : stream;
  launch(stream, {static_cast<unsigned>(out), kTreeThreads}, activation_kernel<kDefect, kTanh>, a.output.data,
         const_cast<float*>(a.d_output.data), a.d_linear.data, a.d_bias.data, rows, out, slope);
  const float* factor = kDefect == Backward::weight_gradient_of_unscaled ? a.d_output.data : a.d_linear.data;
  if (a.d_weight) {
    launch(products, {blocks_for(a.d_weight.size(), 128), 128}, weight_gradient_kernel<kDefect>, factor, a.input.data,
           a.d_weight.data, rows, in, out);
  }
  if (a.d_input) {
    launch(products, {blocks_for(a.d_input.size(), 128), 128}, input_gradient_kernel, a.d_linear.data, a.weight.data,
           a.d_input.data, rows, in, out);
  }
  if (kDefect != Backward::products_on_another_stream) return;
  Event done;  // the caller's stream waits for the products, but they did not wait for it
  done.record(products);
  check(cudaStreamWaitEvent(stream.get(), done.get(), 0));
}

template <Forward kDefect, class Arguments>
BrokenKernel forward_with(const Op<Arguments>& op, const char* name, const char* what,
                          Catcher catcher = Catcher::verify) {
  return broken<Arguments>(op, name, what, catcher, forward<kDefect, Arguments>);
}
template <Backward kDefect, class Arguments>
BrokenKernel backward_with(const Op<Arguments>& op, const char* name, const char* what,
                           Catcher catcher = Catcher::verify) {
  return broken<Arguments>(op, name, what, catcher, backward<kDefect, Arguments>);
}

}  // namespace

std::vector<BrokenKernel> broken_linear_kernels() {
  const auto& lrelu = linear_lrelu_forward_op();
  const auto& tanh = linear_tanh_forward_op();
  const auto& d_lrelu = linear_lrelu_backward_op();
  const auto& d_tanh = linear_tanh_backward_op();
  using F = Forward;
  using B = Backward;
  return {
      forward_with<F::none>(lrelu, "tiles", "", Catcher::nobody),
      forward_with<F::none>(tanh, "tiles", "", Catcher::nobody),
      backward_with<B::none>(d_lrelu, "tree", "", Catcher::nobody),
      backward_with<B::none>(d_tanh, "tree", "", Catcher::nobody),
      forward_with<F::no_barrier_after_load>(lrelu, "no_barrier_after_load",
                                             "tiles are read before others filled them"),
      forward_with<F::no_barrier_before_load>(tanh, "no_barrier_before_load",
                                              "tiles are overwritten while others read"),
      forward_with<F::store_without_column_guard>(lrelu, "store_without_column_guard", "edge tiles write the next row"),
      forward_with<F::weight_without_depth_guard>(tanh, "weight_without_depth_guard", "reads W behind its last row"),
      forward_with<F::threads_leave_before_barrier>(lrelu, "threads_leave_before_barrier",
                                                    "threads outside return, the others wait for them"),
      forward_with<F::one_term_lost>(tanh, "one_term_lost", "the first term of every later tile is left out"),
      forward_with<F::bias_of_row>(lrelu, "bias_of_row", "bias by row instead of by column"),
      forward_with<F::slope_for_positive>(lrelu, "slope_for_positive", "the activation is mirrored"),
      forward_with<F::transposed_index>(tanh, "transposed_index", "the tile of W is read transposed"),
      forward_with<F::atomic_sum_over_depth>(tanh, "atomic_sum_over_depth", "bits depend on the order of blocks"),
      forward_with<F::one_barrier_in_a_branch>(lrelu, "one_barrier_in_a_branch", "two barriers that meet by luck"),
      backward_with<B::no_barrier_in_tree>(d_lrelu, "no_barrier_in_tree", "sums of sums that are not there yet"),
      backward_with<B::tree_loses_odd_rows>(d_tanh, "tree_loses_odd_rows", "the last step adds the wrong element"),
      backward_with<B::slope_by_gradient_sign>(d_lrelu, "slope_by_gradient_sign", "slope by the sign of dY"),
      backward_with<B::gradient_overwritten_in_place>(d_tanh, "gradient_overwritten_in_place", "an input is written"),
      backward_with<B::weight_gradient_accumulates>(d_lrelu, "weight_gradient_accumulates",
                                                    "adds to an output that nobody initialised"),
      backward_with<B::weight_gradient_of_unscaled>(d_tanh, "weight_gradient_of_unscaled", "dW from dY instead of dA"),
      backward_with<B::last_row_left_out>(d_lrelu, "last_row_left_out", "the last row of dA is never written"),
      backward_with<B::products_on_another_stream>(d_tanh, "products_on_another_stream",
                                                   "a second stream does not wait for dA"),
      backward_with<B::bias_sum_starts_late>(d_lrelu, "bias_sum_starts_late", "row 0 is missing in db"),
  };
}

}  // namespace duel::test

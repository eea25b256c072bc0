// The products of a linear layer: linear_forward by 16 x 16 tiles in shared memory, one value per thread;
// weight_gradient by a value per thread, and a block per output whose bias's gradient is a tree reduction.
#include "kernels/levels/update_parameter.cuh"
#include "kernels/ops/weight_gradient/weight_gradient.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"
#include "tests/tools/kernel_lab/broken/products.cuh"

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
  transposed_index,
  atomic_sum_over_depth,
  one_barrier_in_a_branch,
  product_on_another_stream,
};

template <Forward kDefect>
__global__ void tiles_kernel(LinearForward<float> a) {
  __shared__ float w_tile[kTile][kTile], x_tile[kTile][kTile];
  const int out = a.weight.rows, depth = a.input.rows, batch = a.input.columns;
  const int tx = threadIdx.x, ty = threadIdx.y;
  const int row = blockIdx.y * kTile + ty, column = blockIdx.x * kTile + tx;
  if (kDefect == Forward::threads_leave_before_barrier && (row >= out || column >= batch)) return;
  float sum = 0.f;
  for (int k0 = 0; k0 < depth; k0 += kTile) {
    const bool inside = row < out && (kDefect == Forward::weight_without_depth_guard || k0 + tx < depth);
    w_tile[ty][tx] = inside ? a.weight.data[row * depth + k0 + tx] : 0.f;
    x_tile[ty][tx] = column < batch && k0 + ty < depth ? a.input.data[(k0 + ty) * batch + column] : 0.f;
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
      sum += w_tile[ty][k] * (kDefect == Forward::transposed_index ? x_tile[tx][k] : x_tile[k][tx]);
    }
    if constexpr (kDefect != Forward::no_barrier_before_load) __syncthreads();
  }
  if (row >= out || (kDefect != Forward::store_without_column_guard && column >= batch)) return;
  const Products to = products_of(a);
  to.data[row * to.stride + column] = sum;
}

// A thread for each value and part of the depth; the parts meet in float atomics, in whatever order they come.
__global__ void clear_kernel(LinearForward<float> a) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x, batch = a.input.columns;
  const Products to = products_of(a);
  if (i < a.weight.rows * batch) to.data[i / batch * to.stride + i % batch] = 0.f;
}
__global__ void atomic_parts_kernel(LinearForward<float> a) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x, batch = a.input.columns, depth = a.input.rows;
  if (i >= a.weight.rows * batch) return;
  const Products to = products_of(a);
  float sum = 0.f;
  for (int k = blockIdx.y; k < depth; k += gridDim.y) {
    sum += a.weight.data[i / batch * depth + k] * a.input.data[k * batch + i % batch];
  }
  atomicAdd(to.data + i / batch * to.stride + i % batch, sum);
}

template <Forward kDefect>
void forward(const LinearForward<float>& a, StreamView stream) {
  const int out = a.weight.rows, batch = a.input.columns;
  if constexpr (kDefect == Forward::atomic_sum_over_depth) {
    const LaunchShape values = threads_for_values(out, batch);
    launch(stream, values, clear_kernel, a);
    launch(stream, {dim3(values.grid.x, 8), values.block}, atomic_parts_kernel, a);
  } else {
    static const Stream other;
    const StreamView products = kDefect == Forward::product_on_another_stream ? StreamView(other) : stream;
    const dim3 grid(blocks_for(batch, kTile), blocks_for(out, kTile));
    launch(products, {grid, dim3(kTile, kTile)}, tiles_kernel<kDefect>, a);
    if constexpr (kDefect == Forward::product_on_another_stream) {
      finish_forward(a, stream);
      Event done;  // the caller's stream waits for the product, but what follows it did not
      done.record(products);
      return check(cudaStreamWaitEvent(stream.get(), done.get(), 0));
    }
  }
  finish_forward(a, stream);
}

enum class Update {
  none,
  no_barrier_in_tree,
  tree_loses_odd_rows,
  d_linear_overwritten,
  gradient_accumulates,
  last_output_left_out,
  bias_sum_starts_late,
};

constexpr int kTreeThreads = 64;

// A block owns an output: the sum of its row by a tree in shared memory.
template <Update kDefect>
__global__ void bias_kernel(WeightGradient<float> a) {
  __shared__ float partial[kTreeThreads];
  const int row = blockIdx.x, t = threadIdx.x, batch = a.d_linear.columns, counted = batch - a.without_bias;
  auto* const d = const_cast<float*>(a.d_linear.data) + row * batch;
  float sum = 0.f;
  for (int c = t; c < counted; c += kTreeThreads) {
    if (kDefect != Update::bias_sum_starts_late || c > 0) sum += d[c];
    if (kDefect == Update::d_linear_overwritten) d[c] = sum;
  }
  partial[t] = sum;
  __syncthreads();
  for (int half = kTreeThreads / 2; half > 0; half /= 2) {
    const int from = kDefect == Update::tree_loses_odd_rows ? t + half - (half == 1) : t + half;
    if (t < half) partial[t] += partial[from];
    if constexpr (kDefect != Update::no_barrier_in_tree) __syncthreads();
  }
  if (t == 0) update_parameter(a.bias, row, partial[0], step_of(a.optimizer));
}

// A value of the weight per thread.
template <Update kDefect>
__global__ void weight_kernel(WeightGradient<float> a) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x, in = a.input.rows, batch = a.input.columns;
  const int out = a.d_linear.rows - (kDefect == Update::last_output_left_out && a.d_linear.rows > 1 ? 1 : 0);
  if (i >= in * out) return;
  float sum = 0.f;
  if (kDefect == Update::gradient_accumulates && a.weight.gradient) sum = a.weight.gradient.data[i];
  for (int c = 0; c < batch; ++c) sum += a.d_linear.data[i / in * batch + c] * a.input.data[i % in * batch + c];
  update_parameter<1>(a.weight, i, 1, false, RegisterRow<1>::filled(sum), step_of(a.optimizer));
}

template <Update kDefect>
void update(const WeightGradient<float>& a, StreamView stream) {
  launch(stream, {static_cast<unsigned>(a.d_linear.rows), kTreeThreads}, bias_kernel<kDefect>, a);
  launch(stream, threads_for_values(a.d_linear.rows, a.input.rows), weight_kernel<kDefect>, a);
}

template <Forward kDefect>
BrokenKernel forward_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(linear_forward_op(), name, what, catcher, forward<kDefect>);
}
template <Update kDefect>
BrokenKernel update_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(weight_gradient_op(), name, what, catcher, update<kDefect>);
}

}  // namespace

std::vector<BrokenKernel> broken_linear_kernels() {
  using F = Forward;
  using U = Update;
  return {
      forward_with<F::none>("small_tiles", "", Catcher::nobody),
      forward_with<F::no_barrier_after_load>("no_barrier_after_load", "tiles are read before others filled them"),
      forward_with<F::no_barrier_before_load>("no_barrier_before_load", "tiles are overwritten while others read"),
      forward_with<F::store_without_column_guard>("store_without_column_guard", "edge tiles write the next row"),
      forward_with<F::weight_without_depth_guard>("weight_without_depth_guard", "reads W behind its last row"),
      forward_with<F::threads_leave_before_barrier>("threads_leave_before_barrier",
                                                    "threads outside return, the others wait for them"),
      forward_with<F::one_term_lost>("one_term_lost", "the first term of every later tile is left out"),
      forward_with<F::transposed_index>("transposed_index", "the tile of x is read transposed"),
      forward_with<F::atomic_sum_over_depth>("atomic_sum_over_depth", "bits depend on the order of blocks"),
      forward_with<F::one_barrier_in_a_branch>("one_barrier_in_a_branch", "two barriers that meet by luck"),
      forward_with<F::product_on_another_stream>("product_on_another_stream", "what follows does not wait for it"),
      update_with<U::none>("tree", "", Catcher::nobody),
      update_with<U::no_barrier_in_tree>("no_barrier_in_tree", "sums of sums that are not there yet"),
      update_with<U::tree_loses_odd_rows>("tree_loses_odd_rows", "the last step adds the wrong element"),
      update_with<U::d_linear_overwritten>("d_linear_overwritten", "an input is written"),
      update_with<U::gradient_accumulates>("gradient_accumulates", "adds to an output that nobody initialised"),
      update_with<U::last_output_left_out>("last_output_left_out", "the last row of the weight stays as it was"),
      update_with<U::bias_sum_starts_late>("bias_sum_starts_late", "sample 0 is missing in the bias's gradient"),
  };
}

}  // namespace duel::test

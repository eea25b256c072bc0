// For kernels with a defect in a part of a layer: the other parts, right ones.
#pragma once

#include "kernels/levels/row_lanes.cuh"
#include "kernels/ops/input_gradient/finish.cuh"
#include "kernels/ops/linear_forward/finish.cuh"
#include "kernels/runtime/launch.h"

namespace duel::test {

/// Where W x lies until the rest is done, and how far its rows are apart.
struct Products {
  float* data;
  int stride;
};
__host__ __device__ inline Products products_of(const LinearForward<float>& a) {
  if (owns_rows(a)) return {a.normalized.data, a.normalized.columns};
  return {a.output.data + a.first_column, a.output.columns};
}

/// A thread per value.
inline LaunchShape threads_for_values(int rows, int columns) {
  return {blocks_for(static_cast<std::size_t>(rows) * columns, 128), 128};
}

/// W x, and the rest of each value that needs no others. Templates, so that each file has its own.
template <class Arguments>
__global__ void product_kernel(Arguments a) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x, batch = a.input.columns;
  if (i >= a.weight.rows * batch) return;
  const Products to = products_of(a);
  float sum = 0.f;
  for (int k = 0; k < a.input.rows; ++k) {
    sum += a.weight.data[i / batch * a.input.rows + k] * a.input.data[k * batch + i % batch];
  }
  to.data[i / batch * to.stride + i % batch] = sum;
}

template <class Arguments>
__global__ void finish_values_kernel(Arguments a) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x, batch = a.input.columns;
  if (i >= a.weight.rows * batch) return;
  const Products at = products_of(a);
  const float product = at.data[i / batch * at.stride + i % batch];
  finish_piece<1>(a, i / batch, i % batch, 1, false, false, RegisterRow<1>::filled(product));
}

template <class Arguments>
__global__ void add_bias_kernel(Arguments a) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x, batch = a.input.columns;
  if (i < a.weight.rows * batch) a.normalized.data[i] += a.bias.data[i / batch];
}

/// A warp per row.
template <class Arguments>
__global__ void normalize_rows_kernel(Arguments a) {
  normalize_row<RowLanes<32>>(a, blockIdx.x, a.normalized.data + blockIdx.x * a.input.columns);
}

/// Enqueues all that follows W x.
inline void finish_forward(const LinearForward<float>& a, StreamView stream) {
  const LaunchShape values = threads_for_values(a.weight.rows, a.input.columns);
  if (!owns_rows(a)) return launch(stream, values, finish_values_kernel<LinearForward<float>>, a);
  launch(stream, values, add_bias_kernel<LinearForward<float>>, a);
  launch(stream, {static_cast<unsigned>(a.weight.rows), 32}, normalize_rows_kernel<LinearForward<float>>, a);
}

/// (Wᵀ d) factor into d_below; through an activation where there is no batch norm.
template <class Arguments>
__global__ void gradient_product_kernel(Arguments a) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x, in = a.in(), batch = a.batch();
  if (i >= in * batch) return;
  const int r = i / batch, c = i % batch;
  float sum = 0.f;
  for (int k = 0; k < a.weight.rows; ++k) {
    sum += a.weight.data[k * a.weight.columns + r] * a.d_linear.data[k * a.d_linear.columns + a.first_column + c];
  }
  const auto product = RegisterRow<1>::filled(sum);
  if (a.normalized) {
    a.d_below.data[i] = times_factor<1>(a, c, 1, product).get(0);
  } else {
    finish_piece<1>(a, r, c, 1, false, product);
  }
}

}  // namespace duel::test

// Two kernels: dL/dE, a block for each class and 32 values of its vector, whose threads share out the rows, and a copy
// of the gradient on the side, turned over; then dL/dW out of that copy, a lane per row.
#include "kernels/device/column_sum.cuh"
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/ops/label_embedding/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kColumns = 32;  // of a block: values of a vector, or rows

/// `valid` values, each `stride` after the one before, and 0 after them.
template <int kWidth>
__device__ __forceinline__ RegisterRow<kWidth> load_strided(const float* from, int stride, int valid) {
  if (stride == 1) return load_row<kWidth>(from, valid);
  float values[kWidth];
#pragma unroll
  for (int i = 0; i < kWidth; ++i) values[i] = i < valid ? from[i * stride] : 0.f;
  return RegisterRow<kWidth>::load(values);
}

template <int kThreads>
__global__ void __launch_bounds__(kThreads)
    embedding_gradient_kernel(const __grid_constant__ LabelEmbeddingGradient<float> a) {
  begin_overlapping_kernel();
  using Sum = ColumnSum<kThreads, kColumns>;
  __shared__ typename Sum::Partials partials;
  const int classes = a.embedding.rows, rows = a.weight.rows, taps = a.taps,
            class_number = static_cast<int>(blockIdx.x);
  const int k = static_cast<int>(blockIdx.y) * kColumns + Sum::column(), valid = classes - k;
  const std::size_t columns = static_cast<std::size_t>(a.weight.columns);
  const float* const gradient = a.weight_gradient.data + a.first() + class_number * taps;
  const float* const weight = a.weight.data + a.first() + k * taps;
  typename Sum::Row sum = Sum::Row::filled(0.f);
  if (valid > 0) {
#pragma unroll 1
    for (int tap = 0; tap < taps; ++tap) {
#pragma unroll 4
      for (int row = Sum::group(); row < rows; row += Sum::kGroups) {
        sum.add_scaled(gradient[row * columns + tap],
                       load_strided<Sum::kWidth>(weight + row * columns + tap, taps, valid));
      }
    }
  }
  sum = Sum::combine(partials, sum);
  if (valid > 0 && Sum::group() == 0) {
    store_row(a.embedding_gradient.data + static_cast<std::size_t>(class_number) * classes + k, sum, valid, false);
  }
  if (blockIdx.y > 0) return;
  float* const copy = a.workspace.data + static_cast<std::size_t>(class_number) * taps * rows;
#pragma unroll 1
  for (int i = threadIdx.x; i < rows * taps; i += kThreads) copy[i] = gradient[i % rows * columns + i / rows];
}

template <int kThreads>
__global__ void __launch_bounds__(kThreads)
    embedded_weight_gradient_kernel(const __grid_constant__ LabelEmbeddingGradient<float> a) {
  begin_overlapping_kernel();
  using Lanes = ColumnSum<kThreads, kColumns>;
  const int classes = a.embedding.rows, rows = a.weight.rows, taps = a.taps;
  const int row = static_cast<int>(blockIdx.x) * kColumns + Lanes::column(), valid = rows - row;
  if (valid <= 0) return;
  const std::size_t columns = static_cast<std::size_t>(a.weight.columns);
  float* const to = a.weight_gradient.data + row * columns + a.first();
#pragma unroll 1
  for (int i = Lanes::group(); i < classes * taps; i += Lanes::kGroups) {
    const float* const values = a.embedding.data + i / taps;
    const float* const gradient = a.workspace.data + static_cast<std::size_t>(i % taps) * rows + row;
    typename Lanes::Row sum = Lanes::Row::filled(0.f);
#pragma unroll 4
    for (int c = 0; c < classes; ++c) {
      const auto of_class = load_row<Lanes::kWidth>(gradient + static_cast<std::size_t>(c) * taps * rows, valid);
      sum.add_scaled(values[static_cast<std::size_t>(c) * classes], of_class);
    }
#pragma unroll
    for (int lane = 0; lane < Lanes::kWidth; ++lane) {
      if (lane < valid) to[lane * columns + i] = sum.get(lane);
    }
  }
}

template <int kThreads>
void launch_gradients(const LabelEmbeddingGradient<float>& a, StreamView stream) {
  const int classes = a.embedding.rows;
  const auto shape = [](dim3 grid) { return LaunchShape{.grid = grid, .block = kThreads, .overlaps_previous = true}; };
  launch(stream, shape(dim3(classes, blocks_for(classes, kColumns))), embedding_gradient_kernel<kThreads>, a);
  launch(stream, shape(dim3(blocks_for(a.weight.rows, kColumns))), embedded_weight_gradient_kernel<kThreads>, a);
}

}  // namespace

void label_embedding_gradient_warps(const LabelEmbeddingGradient<float>& a, StreamView stream) {
  launch_gradients<256>(a, stream);
}
#ifndef __CUDACC__
void label_embedding_gradient_one_thread(const LabelEmbeddingGradient<float>& a, StreamView stream) {
  launch_gradients<1>(a, stream);
}
#endif

}  // namespace duel

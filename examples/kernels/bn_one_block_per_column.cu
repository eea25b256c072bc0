// Linear + BatchNorm + LeakyReLU as one writes it first: a block owns one column of the output, its threads take the
// rows in turn. Each value of x is loaded once for every column, so memory traffic decides; tiles are the next step.
#include "kernels/device/block_sum.cuh"
#include "kernels/external/kernel_file.h"
#include "kernels/ops/linear_bn_lrelu/linear_bn_lrelu.h"

namespace {

using Forward = duel::LinearBnLreluForward<float>;
constexpr int kThreads = 64;

__device__ float product(const Forward& a, int row, int column) {
  const int depth = a.input.columns;
  const float* x = a.input.data + static_cast<std::size_t>(row) * depth;
  const float* w = a.weight.data + static_cast<std::size_t>(column) * depth;
  float sum = 0.f;
  for (int k = 0; k < depth; ++k) sum += x[k] * w[k];
  return sum + a.bias.data[column];
}

__device__ float normalized_and_activated(const Forward& a, float x, int column) {
  const float y = a.gamma.data[column] * x + a.beta.data[column];
  return y > 0.f ? y : a.slope * y;
}

__global__ void __launch_bounds__(kThreads) column_batch_statistics_kernel(Forward a) {
  const int rows = a.output.rows, columns = a.output.columns, column = blockIdx.x;
  const auto at = [&](int row) { return static_cast<std::size_t>(row) * columns + column; };

  // A thread reads back only what it wrote itself, so `normalized` needs no barriers.
  float sum = 0.f;
  for (int row = threadIdx.x; row < rows; row += kThreads) {
    const float value = product(a, row, column);
    a.normalized.data[at(row)] = value;
    sum += value;
  }
  const float mean = duel::block_sum<kThreads>(sum) / static_cast<float>(rows);

  float squares = 0.f;
  for (int row = threadIdx.x; row < rows; row += kThreads) {
    const float centered = a.normalized.data[at(row)] - mean;
    squares += centered * centered;
  }
  const float variance = duel::block_sum<kThreads>(squares) / static_cast<float>(rows);
  const float inverse_deviation = 1.f / sqrtf(variance + a.eps);

  for (int row = threadIdx.x; row < rows; row += kThreads) {
    const float x = (a.normalized.data[at(row)] - mean) * inverse_deviation;
    a.normalized.data[at(row)] = x;
    a.output.data[at(row)] = normalized_and_activated(a, x, column);
  }
  if (threadIdx.x != 0) return;
  a.inverse_deviation.data[column] = inverse_deviation;
  if (a.momentum == 0.f) return;
  const float unbiased = rows > 1 ? static_cast<float>(rows) / static_cast<float>(rows - 1) : 1.f;
  float& running_mean = a.running_mean.data[column];
  float& running_variance = a.running_variance.data[column];
  running_mean = (1.f - a.momentum) * running_mean + a.momentum * mean;
  running_variance = (1.f - a.momentum) * running_variance + a.momentum * unbiased * variance;
}

__global__ void __launch_bounds__(kThreads) column_running_statistics_kernel(Forward a) {
  const int column = blockIdx.x;
  const float mean = a.running_mean.data[column];
  const float inverse_deviation = 1.f / sqrtf(a.running_variance.data[column] + a.eps);
  for (int row = threadIdx.x; row < a.output.rows; row += kThreads) {
    const float x = (product(a, row, column) - mean) * inverse_deviation;
    a.output.data[static_cast<std::size_t>(row) * a.output.columns + column] = normalized_and_activated(a, x, column);
  }
}

void one_block_per_column(const Forward& a, duel::StreamView stream) {
  const bool of_batch = a.statistics == duel::BatchStatistics::batch;
  const auto kernel = of_batch ? column_batch_statistics_kernel : column_running_statistics_kernel;
  duel::launch(stream, {static_cast<unsigned>(a.output.columns), kThreads}, kernel, a);
}

}  // namespace

extern "C" void duel_add_kernels(duel::KernelSelection& kernels) {
  kernels.add(duel::linear_bn_lrelu_forward_op(), {"one_block_per_column", "a block owns a column, a thread its rows",
                                                   duel::supports_any_device, one_block_per_column});
}

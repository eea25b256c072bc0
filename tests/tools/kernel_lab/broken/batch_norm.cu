// Batch norm: a block of two warps owns a column; its sums go through shuffles, then through shared memory.
#include "kernels/ops/linear_bn_lrelu/linear_bn_lrelu.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kThreads = 64, kWarps = kThreads / 32;

enum class Defect {
  none,
  half_lane_mask,
  shuffle_in_a_branch,
  no_barrier_before_total,
  no_barrier_before_reuse,
  third_partial_read,
  variance_in_one_pass,
  biased_running_variance,
  momentum_swapped,
  eps_behind_the_root,
  products_of_other_columns,
  running_mean_by_everybody,
  // backward
  no_mean_term,
  share_of_other_count,
  gamma_left_out,
  bias_gradient_forgotten,
  gradients_by_everybody,
  sums_without_barrier,
};

template <Defect kDefect>
__device__ float warp_total(float value) {
  const int lane = threadIdx.x % 32;
  const unsigned mask = kDefect == Defect::half_lane_mask ? 0x0000ffffu : 0xffffffffu;
  for (int offset = 16; offset > 0; offset /= 2) {
    if constexpr (kDefect == Defect::shuffle_in_a_branch) {
      if (lane < 2 * offset) value += __shfl_down_sync(0xffffffffu, value, offset);
    } else {
      value += __shfl_xor_sync(mask, value, offset);
    }
  }
  return value;
}

template <Defect kDefect>
__device__ float block_total(float value) {
  __shared__ float partial[kWarps];
  value = warp_total<kDefect>(value);
  if constexpr (kDefect != Defect::no_barrier_before_reuse && kDefect != Defect::sums_without_barrier) __syncthreads();
  if (threadIdx.x % 32 == 0) partial[threadIdx.x / 32] = value;
  if constexpr (kDefect != Defect::no_barrier_before_total) __syncthreads();
  float total = 0.f;
  for (int w = 0; w < kWarps; ++w) total += partial[w];
  if constexpr (kDefect == Defect::third_partial_read) {
    const float* behind = partial;
    total += behind[blockDim.x / 32];
  }
  return total;
}

__global__ void product_kernel(const float* x, const float* w, const float* b, float* a, int rows, int depth,
                               int columns) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= rows * columns) return;
  float sum = 0.f;
  for (int k = 0; k < depth; ++k) sum += x[i / columns * depth + k] * w[i % columns * depth + k];
  a[i] = sum + b[i % columns];
}

template <Defect kDefect>
__global__ void normalize_kernel(LinearBnLreluForward<float> p, int rows, int columns) {
  const int column = blockIdx.x, t = threadIdx.x;
  const bool from_batch = p.statistics == BatchStatistics::batch;
  // Running statistics leave x̂ alone: there the products lie in the output.
  float* products = from_batch ? p.normalized.data : p.output.data;
  const int source = kDefect == Defect::products_of_other_columns && columns > 1 ? columns - 1 - column : column;
  const auto at = [&](int row) { return row * columns + column; };
  float mean, variance;
  if (from_batch) {
    float sum = 0.f, squares = 0.f;
    for (int row = t; row < rows; row += kThreads) {
      const float a = products[row * columns + source];
      sum += a;
      squares += a * a;
    }
    mean = block_total<kDefect>(sum) / rows;
    if constexpr (kDefect == Defect::variance_in_one_pass) {
      variance = block_total<kDefect>(squares) / rows - mean * mean;
    } else {
      float centered = 0.f;
      for (int row = t; row < rows; row += kThreads) {
        const float d = products[row * columns + source] - mean;
        centered += d * d;
      }
      variance = block_total<kDefect>(centered) / rows;
    }
    __syncthreads();  // everybody has read the products before they are overwritten
  } else {
    mean = p.running_mean.data[column];
    variance = p.running_variance.data[column];
  }
  const float inverse =
      kDefect == Defect::eps_behind_the_root ? 1.f / (sqrtf(variance) + p.eps) : 1.f / sqrtf(variance + p.eps);
  for (int row = t; row < rows; row += kThreads) {
    const float x = (products[at(row)] - mean) * inverse;
    const float a = x * p.gamma.data[column] + p.beta.data[column];
    if (from_batch) p.normalized.data[at(row)] = x;
    p.output.data[at(row)] = a > 0.f ? a : a * p.slope;
  }
  if (!from_batch) return;
  if (kDefect != Defect::running_mean_by_everybody && t > 0) return;
  p.inverse_deviation.data[column] = inverse;
  if (!(p.momentum > 0.f)) return;
  const float unbiased = rows > 1 && kDefect != Defect::biased_running_variance ? rows / (rows - 1.f) : 1.f;
  const float share = kDefect == Defect::momentum_swapped ? 1.f - p.momentum : p.momentum;
  float& running_mean = p.running_mean.data[column];
  float& running_variance = p.running_variance.data[column];
  running_mean = (1.f - share) * running_mean + share * mean;
  running_variance = (1.f - share) * running_variance + share * unbiased * variance;
}

template <Defect kDefect>
void forward(const LinearBnLreluForward<float>& a, StreamView stream) {
  const int rows = a.input.rows, columns = a.weight.rows;
  float* products = a.statistics == BatchStatistics::batch ? a.normalized.data : a.output.data;
  launch(stream, {blocks_for(a.output.size(), 128), 128}, product_kernel, a.input.data, a.weight.data, a.bias.data,
         products, rows, a.input.columns, columns);
  launch(stream, {static_cast<unsigned>(columns), kThreads}, normalize_kernel<kDefect>, a, rows, columns);
}

template <Defect kDefect>
__global__ void backward_kernel(LinearBnLreluBackward<float> p, int rows, int columns) {
  const int column = blockIdx.x, t = threadIdx.x;
  const auto at = [&](int row) { return row * columns + column; };
  const auto dz = [&](int row) { return p.d_output.data[at(row)] * (p.output.data[at(row)] > 0.f ? 1.f : p.slope); };
  float sum = 0.f, product = 0.f;
  for (int row = t; row < rows; row += kThreads) {
    sum += dz(row);
    product += dz(row) * p.normalized.data[at(row)];
  }
  const float d_beta = block_total<kDefect>(sum);
  const float d_gamma = block_total<kDefect>(product);
  const float count = kDefect == Defect::share_of_other_count && rows > 1 ? rows - 1.f : rows;
  const float scale =
      p.inverse_deviation.data[column] * (kDefect == Defect::gamma_left_out ? 1.f : p.gamma.data[column]);
  float bias = 0.f;
  for (int row = t; row < rows; row += kThreads) {
    const float mean_term = kDefect == Defect::no_mean_term ? 0.f : d_beta / count;
    const float d = scale * (dz(row) - mean_term - p.normalized.data[at(row)] * d_gamma / count);
    p.d_linear.data[at(row)] = d;
    bias += d;
  }
  const float d_bias = block_total<kDefect>(bias);
  if (kDefect != Defect::gradients_by_everybody && t > 0) return;
  p.d_beta.data[column] = d_beta;
  p.d_gamma.data[column] = d_gamma;
  if (kDefect != Defect::bias_gradient_forgotten) p.d_bias.data[column] = d_bias;
}

__global__ void weight_gradient_kernel(const float* da, const float* x, float* dw, int rows, int in, int out) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= in * out) return;
  float sum = 0.f;
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

template <Defect kDefect>
void backward(const LinearBnLreluBackward<float>& a, StreamView stream) {
  const int rows = a.input.rows, in = a.input.columns, out = a.weight.rows;
  launch(stream, {static_cast<unsigned>(out), kThreads}, backward_kernel<kDefect>, a, rows, out);
  launch(stream, {blocks_for(a.d_weight.size(), 128), 128}, weight_gradient_kernel, a.d_linear.data, a.input.data,
         a.d_weight.data, rows, in, out);
  if (!a.d_input) return;
  launch(stream, {blocks_for(a.d_input.size(), 128), 128}, input_gradient_kernel, a.d_linear.data, a.weight.data,
         a.d_input.data, rows, in, out);
}

template <Defect kDefect>
BrokenKernel forward_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(linear_bn_lrelu_forward_op(), name, what, catcher, forward<kDefect>);
}
template <Defect kDefect>
BrokenKernel backward_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(linear_bn_lrelu_backward_op(), name, what, catcher, backward<kDefect>);
}

}  // namespace

std::vector<BrokenKernel> broken_batch_norm_kernels() {
  using D = Defect;
  return {
      forward_with<D::none>("two_warps", "", Catcher::nobody),
      backward_with<D::none>("two_warps", "", Catcher::nobody),
      forward_with<D::half_lane_mask>("half_lane_mask", "the mask names half of the lanes that come"),
      forward_with<D::shuffle_in_a_branch>("shuffle_in_a_branch", "a full mask where half of the lanes come"),
      forward_with<D::no_barrier_before_total>("no_barrier_before_total",
                                               "partial sums are read before they are there"),
      forward_with<D::no_barrier_before_reuse>("no_barrier_before_reuse", "partial sums are overwritten while read"),
      forward_with<D::third_partial_read>("third_partial_read", "reads one element behind a shared array"),
      forward_with<D::variance_in_one_pass>("variance_in_one_pass", "E[a²] - E[a]² loses all digits", Catcher::verify),
      forward_with<D::biased_running_variance>("biased_running_variance", "running variance without n / (n - 1)"),
      forward_with<D::momentum_swapped>("momentum_swapped", "momentum counts for the old average"),
      forward_with<D::eps_behind_the_root>("eps_behind_the_root", "eps is added to the deviation"),
      forward_with<D::products_of_other_columns>("products_of_other_columns", "reads what other blocks overwrite"),
      forward_with<D::running_mean_by_everybody>("running_mean_by_everybody", "64 threads update one average"),
      backward_with<D::no_mean_term>("no_mean_term", "dA without the mean of dZ"),
      backward_with<D::share_of_other_count>("share_of_other_count", "divides by n - 1"),
      backward_with<D::gamma_left_out>("gamma_left_out", "dA without gamma"),
      backward_with<D::bias_gradient_forgotten>("bias_gradient_forgotten", "db is never written"),
      backward_with<D::gradients_by_everybody>("gradients_by_everybody", "64 threads write the same values",
                                               Catcher::checked_build),
      backward_with<D::sums_without_barrier>("sums_without_barrier", "the second sum overwrites the first's partials"),
  };
}

}  // namespace duel::test

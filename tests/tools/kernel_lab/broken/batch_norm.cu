// Batch norm of the forward pass and of the gradient: a block of two warps owns a feature; its sums go through
// shuffles, then through shared memory.
#include "tests/tools/kernel_lab/broken/broken_kernels.h"
#include "tests/tools/kernel_lab/broken/products.cuh"

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
  products_of_other_features,
  running_mean_by_everybody,
  // backward
  no_mean_term,
  share_of_other_count,
  gamma_left_out,
  beta_forgotten,
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

template <Defect kDefect>
__global__ void statistics_kernel(LinearForward<float> p) {
  const int feature = blockIdx.x, t = threadIdx.x, features = p.weight.rows, samples = p.input.columns;
  const auto at = [&](int sample) { return feature * samples + sample; };
  const int source = kDefect == Defect::products_of_other_features ? features - 1 - feature : feature;
  const auto linear = [&](int sample) { return p.normalized.data[source * samples + sample] + p.bias.data[source]; };
  float sum = 0.f, squares = 0.f;
  for (int sample = t; sample < samples; sample += kThreads) {
    sum += linear(sample);
    squares += linear(sample) * linear(sample);
  }
  const float mean = block_total<kDefect>(sum) / samples;
  float variance;
  if constexpr (kDefect == Defect::variance_in_one_pass) {
    variance = block_total<kDefect>(squares) / samples - mean * mean;
  } else {
    float centered = 0.f;
    for (int sample = t; sample < samples; sample += kThreads) {
      const float d = linear(sample) - mean;
      centered += d * d;
    }
    variance = block_total<kDefect>(centered) / samples;
  }
  const float inverse =
      kDefect == Defect::eps_behind_the_root ? 1.f / (sqrtf(variance) + p.eps) : 1.f / sqrtf(variance + p.eps);
  for (int sample = t; sample < samples; sample += kThreads) {
    const float x = (linear(sample) - mean) * inverse;
    const float a = x * p.gamma.data[feature] + p.beta.data[feature];
    p.normalized.data[at(sample)] = x;
    p.output.data[at(sample)] = a > 0.f ? a : a * p.slope;
  }
  if (kDefect != Defect::running_mean_by_everybody && t > 0) return;
  p.inverse_deviation.data[feature] = inverse;
  if (!(p.momentum > 0.f)) return;
  const float unbiased = samples > 1 && kDefect != Defect::biased_running_variance ? samples / (samples - 1.f) : 1.f;
  const float share = kDefect == Defect::momentum_swapped ? 1.f - p.momentum : p.momentum;
  float& running_mean = p.running_mean.data[feature];
  float& running_variance = p.running_variance.data[feature];
  running_mean = (1.f - share) * running_mean + share * mean;
  running_variance = (1.f - share) * running_variance + share * unbiased * variance;
}

template <Defect kDefect>
void forward(const LinearForward<float>& a, StreamView stream) {
  launch(stream, threads_for_values(a.weight.rows, a.input.columns), product_kernel<LinearForward<float>>, a);
  if (!owns_rows(a)) return finish_forward(a, stream);
  launch(stream, {static_cast<unsigned>(a.weight.rows), kThreads}, statistics_kernel<kDefect>, a);
}

// d_below holds dL/dy.
template <Defect kDefect>
__global__ void backward_kernel(InputGradient<float> p) {
  const int feature = blockIdx.x, t = threadIdx.x, samples = p.d_below.columns;
  const auto at = [&](int sample) { return feature * samples + sample; };
  const auto dz = [&](int sample) {
    const float y = p.output.data[feature * p.output.columns + p.first_column + sample];
    return p.d_below.data[at(sample)] * (y > 0.f ? 1.f : p.slope);
  };
  float sum = 0.f, product = 0.f;
  for (int sample = t; sample < samples; sample += kThreads) {
    sum += dz(sample);
    product += dz(sample) * p.normalized.data[at(sample)];
  }
  const float d_beta = block_total<kDefect>(sum);
  const float d_gamma = block_total<kDefect>(product);
  const float count = kDefect == Defect::share_of_other_count && samples > 1 ? samples - 1.f : samples;
  const float gamma = p.gamma.value.data[feature];
  const float scale = p.inverse_deviation.data[feature] * (kDefect == Defect::gamma_left_out ? 1.f : gamma);
  for (int sample = t; sample < samples; sample += kThreads) {
    const float mean_term = kDefect == Defect::no_mean_term ? 0.f : d_beta / count;
    p.d_below.data[at(sample)] = scale * (dz(sample) - mean_term - p.normalized.data[at(sample)] * d_gamma / count);
  }
  __syncthreads();  // everybody has read gamma before it is updated
  if (kDefect == Defect::gradients_by_everybody && p.beta.gradient) p.beta.gradient.data[feature] = d_beta;
  if (t > 0) return;
  const auto step = step_of(p.optimizer);
  update_parameter(p.gamma, feature, d_gamma, step);
  if (kDefect != Defect::beta_forgotten) update_parameter(p.beta, feature, d_beta, step);
}

template <Defect kDefect>
void backward(const InputGradient<float>& a, StreamView stream) {
  launch(stream, threads_for_values(a.in(), a.d_below.columns), gradient_product_kernel<InputGradient<float>>, a);
  if (a.normalized) launch(stream, {static_cast<unsigned>(a.in()), kThreads}, backward_kernel<kDefect>, a);
}

template <Defect kDefect>
BrokenKernel forward_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(linear_forward_op(), name, what, catcher, forward<kDefect>);
}
template <Defect kDefect>
BrokenKernel backward_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(input_gradient_op(), name, what, catcher, backward<kDefect>);
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
      forward_with<D::products_of_other_features>("products_of_other_features", "reads what other blocks overwrite"),
      forward_with<D::running_mean_by_everybody>("running_mean_by_everybody", "64 threads update one average"),
      backward_with<D::no_mean_term>("no_mean_term", "dA without the mean of dZ"),
      backward_with<D::share_of_other_count>("share_of_other_count", "divides by n - 1"),
      backward_with<D::gamma_left_out>("gamma_left_out", "dA without gamma"),
      backward_with<D::beta_forgotten>("beta_forgotten", "beta and its gradient are never written"),
      backward_with<D::gradients_by_everybody>("gradients_by_everybody", "64 threads write the same values",
                                               Catcher::checked_build),
      backward_with<D::sums_without_barrier>("sums_without_barrier", "the second sum overwrites the first's partials"),
  };
}

}  // namespace duel::test

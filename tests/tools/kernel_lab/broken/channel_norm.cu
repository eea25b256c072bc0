// Batch norm by channel and its gradient: a thread per channel, its values in loops.
#include "kernels/levels/update_parameter.cuh"
#include "kernels/ops/batch_norm/batch_norm.h"
#include "kernels/ops/batch_norm_gradient/batch_norm_gradient.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kThreads = 32;

enum class Defect {
  none,
  statistics_of_both_batches,
  last_pixel_lost,
  // forward
  variance_in_one_pass,
  eps_behind_the_root,
  biased_running_variance,
  running_of_one_batch,
  second_batch_first,
  gamma_of_the_pixel,
  activation_forgotten,
  running_statistics_moved,
  // gradient
  no_mean_term,
  no_product_term,
  deviation_of_the_first_batch,
  learns_from_one_batch,
  learns_too_early,
  all_columns,
  slope_forgotten,
  update_forgotten,
};

// Calls f(place) for a channel's values in a batch; `both`: in all samples.
template <class Arguments, class Function>
__device__ void for_each_value(const Arguments& a, int channel, int batch, bool both, bool last_lost, Function f) {
  const ChannelValues one = values_of(a, channel, batch);
  const ChannelValues values = both ? ChannelValues(channel, a.pixels, a.samples(), 0, a.samples()) : one;
  const int lost = last_lost && a.pixels > 1 ? values.runs == 1 ? a.samples() : values.length : 0;
  for (int i = 0; i < values.count() - lost; ++i) {
    f(values.begin + static_cast<std::size_t>(i / values.length) * values.stride + i % values.length);
  }
}

template <Defect kDefect>
__device__ BatchMoments<float> moments_of(const BatchNorm<float>& a, int channel, int batch) {
  constexpr bool kBoth = kDefect == Defect::statistics_of_both_batches, kLost = kDefect == Defect::last_pixel_lost;
  float sum = 0.f, squares = 0.f, count = 0.f;
  for_each_value(a, channel, batch, kBoth, kLost, [&](std::size_t i) {
    sum += a.input.data[i];
    squares += a.input.data[i] * a.input.data[i];
    count += 1.f;
  });
  const float mean = sum / count;
  if constexpr (kDefect == Defect::variance_in_one_pass) return {mean, squares / count - mean * mean};
  float centered = 0.f;
  for_each_value(a, channel, batch, kBoth, kLost,
                 [&](std::size_t i) { centered += (a.input.data[i] - mean) * (a.input.data[i] - mean); });
  return {mean, centered / count};
}

template <Defect kDefect>
__global__ void channel_kernel(BatchNorm<float> a) {
  const int channel = blockIdx.x * kThreads + threadIdx.x, batches = a.batches();
  if (channel >= a.channels()) return;
  const bool of_batch = a.statistics == BatchStatistics::batch;
  for (int number = 0; number < batches; ++number) {
    const int batch = kDefect == Defect::second_batch_first ? batches - 1 - number : number;
    float &running_mean = a.running_mean.data[channel], &running_variance = a.running_variance.data[channel];
    const BatchMoments<float> moments =
        of_batch ? moments_of<kDefect>(a, channel, batch) : BatchMoments<float>{running_mean, running_variance};
    const float inverse = kDefect == Defect::eps_behind_the_root ? 1.f / (sqrtf(moments.variance) + a.eps)
                                                                 : 1.f / sqrtf(moments.variance + a.eps);
    for_each_value(a, channel, batch, false, false, [&](std::size_t i) {
      const int row = static_cast<int>(i / a.samples());
      const int of_gamma = kDefect == Defect::gamma_of_the_pixel ? row % a.channels() : channel;
      const float x = (a.input.data[i] - moments.mean) * inverse;
      const float y = x * a.gamma.data[of_gamma] + a.beta.data[channel];
      if (a.normalized.data) a.normalized.data[i] = x;
      a.output.data[i] = y > 0.f || kDefect == Defect::activation_forgotten ? y : y * a.slope;
    });
    if (of_batch) a.inverse_deviation.data[batch * a.channels() + channel] = inverse;
    if (!of_batch && kDefect != Defect::running_statistics_moved) continue;
    if (!(a.momentum > 0.f) || (kDefect == Defect::running_of_one_batch && batch > 0)) continue;
    const int count = values_of(a, channel, batch).count();
    const float unbiased = kDefect == Defect::biased_running_variance ? 1.f : count / (count - 1.f);
    running_mean = (1.f - a.momentum) * running_mean + a.momentum * moments.mean;
    running_variance = (1.f - a.momentum) * running_variance + a.momentum * unbiased * moments.variance;
  }
}

LaunchShape threads_for(int channels) {
  return {blocks_for(static_cast<std::size_t>(channels), kThreads), kThreads};
}

template <Defect kDefect>
void forward(const BatchNorm<float>& a, StreamView stream) {
  launch(stream, threads_for(a.channels()), channel_kernel<kDefect>, a);
}

// Sums by atomics: a thread per value of a channel. The rest is as above, but with the channel's statistics in place of
// the running ones, which the sums then overwrite.
__global__ void scattered_sums_kernel(BatchNorm<float> a) {
  __shared__ float sum, squares;
  const int channel = blockIdx.x, t = threadIdx.x;
  const ChannelValues values = values_of(a, channel, 0);
  if (t == 0) sum = squares = 0.f;
  __syncthreads();
  for (int i = t; i < values.count(); i += kThreads) atomicAdd(&sum, a.input.data[values.begin + i]);
  __syncthreads();
  const float mean = sum / values.count();
  for (int i = t; i < values.count(); i += kThreads) {
    const float d = a.input.data[values.begin + i] - mean;
    atomicAdd(&squares, d * d);
  }
  __syncthreads();
  const float inverse = 1.f / sqrtf(squares / values.count() + a.eps);
  for (int i = t; i < values.count(); i += kThreads) {
    const float x = (a.input.data[values.begin + i] - mean) * inverse;
    const float y = x * a.gamma.data[channel] + a.beta.data[channel];
    a.normalized.data[values.begin + i] = x;
    a.output.data[values.begin + i] = y > 0.f ? y : y * a.slope;
  }
  if (t > 0) return;
  const float unbiased = values.count() / (values.count() - 1.f) * squares / values.count();
  a.inverse_deviation.data[channel] = inverse;
  if (!(a.momentum > 0.f)) return;
  a.running_mean.data[channel] = (1.f - a.momentum) * a.running_mean.data[channel] + a.momentum * mean;
  a.running_variance.data[channel] = (1.f - a.momentum) * a.running_variance.data[channel] + a.momentum * unbiased;
}
void scatter(const BatchNorm<float>& a, StreamView stream) {
  if (a.batches() > 1 || a.statistics == BatchStatistics::running) return forward<Defect::none>(a, stream);
  launch(stream, {static_cast<unsigned>(a.channels()), kThreads}, scattered_sums_kernel, a);
}

template <Defect kDefect>
__global__ void gradient_kernel(BatchNormGradient<float> a) {
  const int channel = blockIdx.x * kThreads + threadIdx.x, channels = a.channels();
  if (channel >= channels) return;
  constexpr bool kBoth = kDefect == Defect::statistics_of_both_batches, kLost = kDefect == Defect::last_pixel_lost;
  UpdateStep step = step_of(a.optimizer);
  if (kDefect == Defect::update_forgotten) step.kind = step.kNone;
  const auto learn = [&](float d_gamma, float d_beta) {
    if (!a.learns()) return;
    update_parameter(a.gamma, channel, d_gamma, step);
    update_parameter(a.beta, channel, d_beta, step);
  };
  float d_gamma = 0.f, d_beta = 0.f;
  for (int batch = kDefect == Defect::all_columns ? 0 : a.first_batch(); batch < a.batches(); ++batch) {
    float sum = 0.f, product = 0.f, count = 0.f;
    for_each_value(a, channel, batch, kBoth, kLost, [&](std::size_t i) {
      sum += a.d_linear.data[i];
      product += a.d_linear.data[i] * a.normalized.data[i];
      count += 1.f;
    });
    if (kDefect != Defect::learns_from_one_batch || batch == a.first_batch()) d_gamma += product, d_beta += sum;
    if (kDefect == Defect::learns_too_early && batch == a.batches() - 1) learn(d_gamma, d_beta);
    const int of_deviation = kDefect == Defect::deviation_of_the_first_batch ? 0 : batch;
    const float scale = a.gamma.value.data[channel] * a.inverse_deviation.data[of_deviation * channels + channel];
    const float mean = kDefect == Defect::no_mean_term ? 0.f : sum / count;
    const float product_mean = kDefect == Defect::no_product_term ? 0.f : product / count;
    for_each_value(a, channel, batch, false, false, [&](std::size_t i) {
      const float d = scale * (a.d_linear.data[i] - mean - a.normalized.data[i] * product_mean);
      const auto one = [](float x) { return RegisterRow<1>::filled(x); };
      if (!a.output.data || kDefect == Defect::slope_forgotten) {
        a.d_below.data[i] = d;
      } else {
        with_activation(a.below, a.slope,
                        [&](auto f) { a.d_below.data[i] = f.gradient(one(a.output.data[i]), one(d)).get(0); });
      }
    });
  }
  if (kDefect != Defect::learns_too_early) learn(d_gamma, d_beta);
}

template <Defect kDefect>
void backward(const BatchNormGradient<float>& a, StreamView stream) {
  launch(stream, threads_for(a.channels()), gradient_kernel<kDefect>, a);
}

template <Defect kDefect>
BrokenKernel norm(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(batch_norm_op(), name, what, catcher, forward<kDefect>);
}
template <Defect kDefect>
BrokenKernel gradient(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(batch_norm_gradient_op(), name, what, catcher, backward<kDefect>);
}

}  // namespace

std::vector<BrokenKernel> broken_channel_norm_kernels() {
  using D = Defect;
  return {
      norm<D::none>("thread_per_channel", "", Catcher::nobody),
      norm<D::statistics_of_both_batches>("statistics_of_both_batches", "two batches are one"),
      norm<D::last_pixel_lost>("last_pixel_lost", "the statistics leave out a channel's last pixel"),
      norm<D::variance_in_one_pass>("variance_in_one_pass", "E[x²] - E[x]² loses all digits"),
      norm<D::eps_behind_the_root>("eps_behind_the_root", "eps is added to the deviation"),
      norm<D::biased_running_variance>("biased_running_variance", "running variance without n / (n - 1)"),
      norm<D::running_of_one_batch>("running_of_one_batch", "the second batch moves no average"),
      norm<D::second_batch_first>("second_batch_first", "the second batch moves the averages first"),
      norm<D::gamma_of_the_pixel>("gamma_of_the_pixel", "gamma by row, not by channel"),
      norm<D::activation_forgotten>("activation_forgotten", "writes the activation's argument"),
      norm<D::running_statistics_moved>("running_statistics_moved", "moves averages that are only read"),
      broken<BatchNorm<float>>(batch_norm_op(), "by_atomics", "bits depend on the order of threads", Catcher::verify,
                               scatter),
      gradient<D::none>("thread_per_channel", "", Catcher::nobody),
      gradient<D::statistics_of_both_batches>("statistics_of_both_batches", "means over two batches"),
      gradient<D::last_pixel_lost>("last_pixel_lost", "the sums leave out a channel's last pixel"),
      gradient<D::no_mean_term>("no_mean_term", "without the mean of d"),
      gradient<D::no_product_term>("no_product_term", "without the mean of d x^"),
      gradient<D::deviation_of_the_first_batch>("deviation_of_the_first_batch", "of the second batch too"),
      gradient<D::learns_from_one_batch>("learns_from_one_batch", "gamma and beta see the first batch alone"),
      gradient<D::learns_too_early>("learns_too_early", "takes gamma after its update"),
      gradient<D::all_columns>("all_columns", "writes columns that take no part"),
      gradient<D::slope_forgotten>("slope_forgotten", "forgets the activation below"),
      gradient<D::update_forgotten>("update_forgotten", "parameters stay as they were"),
  };
}

}  // namespace duel::test

// The ops of an iteration, as plainly as can be: a thread per row or per value, sums in a loop.
#include "kernels/device/permutation.cuh"
#include "kernels/device/vector_math.cuh"
#include "kernels/losses/losses.h"
#include "kernels/ops/batch_inputs/batch_inputs.h"
#include "kernels/ops/discriminator_head/block.cuh"
#include "kernels/ops/input_gradient/input_gradient.h"
#include "kernels/ops/latent_normal/normal_pair.cuh"
#include "kernels/ops/linear_forward/linear_forward.h"
#include "kernels/ops/mean_losses/block.cuh"
#include "kernels/ops/scale_columns/scale_columns.h"
#include "kernels/ops/weight_gradient/weight_gradient.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kThreads = 64;

enum class Defect {
  none,
  // forward
  columns_before_cleared,
  always_the_batchs_statistics,
  unit_gradient_without_slope,
  bias_of_the_sample,
  slope_for_positive,
  sigmoid_mirrored,
  // gradient
  factor_forgotten,
  gamma_used_after_its_update,
  samples_before_first_column,
  slope_by_gradient_sign,
  derivative_of_argument,
  // update
  last_state_lost,
  last_sample_lost,
  correction_forgotten,
  bias_of_all_columns,
  limit_forgotten,
  // head, losses
  log_not_clamped,
  derivative_by_a_ratio,
  last_feature_lost,
  weight_forgotten,
  terms_not_initialised,
  loss_by_atomics,
  generator_term_of_a_real_sample,
  label_swapped,
  progress_stands_still,
  terms_of_judged_alone,
  penalty_of_all_terms,
  mean_of_all,
  weight_of_these_inputs_alone,
  // scale, inputs
  factor_of_the_row,
  offset_forgotten,
  latents_by_rows,
  labels_as_stored,
  labels_of_one_draw,
  labels_by_remainder,
  bytes_are_signed,
  permutation_forgotten,
  first_image_for_all,
  one_range_for_all,
  index_without_barrier,
};

__device__ float at(const auto& matrix, int row, int column) {
  return matrix.data[static_cast<std::size_t>(row) * matrix.columns + column];
}

template <Defect kDefect, class Unit>
__device__ void update_by(const TrainedParameter<float, 1>& p, std::size_t i, float gradient,
                          const typename Unit::template Step<float>& step, float limit) {
  using Row = RegisterRow<1>;
  constexpr int kStates = sizeof(Unit::kStates) / sizeof(Unit::kStates[0]);
  constexpr int kStored = kDefect == Defect::last_state_lost ? kStates - 1 : kStates;
  Row value = Row::filled(p.value.data[i]), states[kStates];
  for (int s = 0; s < kStates; ++s) states[s] = Row::filled(p.state[s].data[i]);
  step.update(value, states, Row::filled(gradient));
  const float x = value.get(0);
  const bool is_limited = kDefect != Defect::limit_forgotten;
  p.value.data[i] = is_limited && x > limit ? limit : is_limited && x < -limit ? -limit : x;
  for (int s = 0; s < kStored; ++s) p.state[s].data[i] = states[s].get(0);
}

template <Defect kDefect>
__device__ void update(const TrainedParameter<float, 1>& p, std::size_t i, float gradient,
                       const ParameterOptimizer& optimizer) {
  if (p.gradient.data) p.gradient.data[i] = gradient;
  if (!optimizer.progress.data) return;
  const OptimizerProgress& progress = optimizer.progress.data[0];
  optimizer.settings.with([&](const auto& unit) {
    using Unit = std::remove_cvref_t<decltype(unit)>;
    auto step = unit.template step<float>(progress);
    if constexpr (kDefect == Defect::correction_forgotten && std::is_same_v<Unit, Adam>) {
      step.scale = static_cast<float>(progress.rates[0]);
    }
    update_by<kDefect, Unit>(p, i, gradient, step, optimizer.limit);
  });
}

__device__ TrainedParameter<float, 1> flat(const TrainedParameter<float, 2>& p) {
  const int size = p.value.rows * p.value.columns;
  return {{p.value.data, size}, {{p.state[0].data, size}, {p.state[1].data, size}}, {p.gradient.data, size}};
}

__device__ float leaky_slope(float y, float slope) {
  return y > 0 ? 1.f : slope;
}

// Batch norm of a row in place.
template <Defect kDefect>
__device__ void normalize(const LinearForward<float>& a, int row, float* y) {
  const int batch = a.input.columns;
  float mean = 0.f, variance = 0.f;
  const bool of_batch = a.statistics == BatchStatistics::batch;
  if (of_batch || kDefect == Defect::always_the_batchs_statistics) {
    for (int c = 0; c < batch; ++c) mean += y[c] / batch;
    for (int c = 0; c < batch; ++c) variance += (y[c] - mean) * (y[c] - mean) / batch;
  } else {
    mean = a.running_mean.data[row], variance = a.running_variance.data[row];
  }
  const float inverse = 1.f / sqrtf(variance + a.eps);
  for (int c = 0; c < batch; ++c) {
    const float x = (y[c] - mean) * inverse;
    if (of_batch) a.normalized.data[static_cast<std::size_t>(row) * batch + c] = x;
    y[c] = x * a.gamma.data[row] + a.beta.data[row];
  }
  if (!of_batch) return;
  a.inverse_deviation.data[row] = inverse;
  const float unbiased = batch == 1 ? 1.f : static_cast<float>(batch) / static_cast<float>(batch - 1);
  float& running_mean = a.running_mean.data[row];
  float& running_variance = a.running_variance.data[row];
  running_mean = running_mean * (1 - a.momentum) + mean * a.momentum;
  running_variance = running_variance * (1 - a.momentum) + variance * a.momentum * unbiased;
}

template <Defect kDefect>
__global__ void forward_kernel(LinearForward<float> a) {
  const int row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= a.weight.rows) return;
  float* const y = a.output.data + static_cast<std::size_t>(row) * a.output.columns + a.first_column;
  for (int c = 0; c < a.input.columns; ++c) {
    float sum = a.bias.data[kDefect == Defect::bias_of_the_sample ? c % a.weight.rows : row];
    for (int k = 0; k < a.input.rows; ++k) sum += at(a.weight, row, k) * at(a.input, k, c);
    y[c] = a.activation == Activation::tanh      ? tanhf(sum)
           : a.activation == Activation::sigmoid ? 1.f / (1.f + expf(kDefect == Defect::sigmoid_mirrored ? sum : -sum))
                                                 : sum;
  }
  if (kDefect == Defect::columns_before_cleared) {
    for (int c = 1; c <= a.first_column; ++c) y[-c] = 0.f;
  }
  if (a.activation != Activation::leaky_relu) return;
  if (a.gamma) normalize<kDefect>(a, row, y);
  for (int c = 0; c < a.input.columns; ++c) {
    const float slope = leaky_slope(kDefect == Defect::slope_for_positive ? -y[c] : y[c], a.slope);
    y[c] *= slope;
    if (!a.head_weight.data) continue;
    a.unit_gradient.data[static_cast<std::size_t>(row) * a.input.columns + c] =
        a.head_weight.data[row] * (kDefect == Defect::unit_gradient_without_slope ? 1.f : slope);
  }
}

template <Defect kDefect>
__global__ void gradient_kernel(InputGradient<float> a) {
  const int row = blockIdx.x * blockDim.x + threadIdx.x, batch = a.batch();
  if (row >= a.in()) return;
  float* const d = a.d_below.data + static_cast<std::size_t>(row) * a.d_below.columns + a.below_column;
  const int first = kDefect == Defect::samples_before_first_column ? 0 : a.first_column;
  float d_beta = 0.f, d_gamma = 0.f;
  for (int c = 0; c < batch; ++c) {
    float sum = 0.f;
    for (int k = 0; k < a.weight.rows; ++k) {
      const int stride = kDefect == Defect::weight_of_these_inputs_alone ? a.in() : a.weight.columns;
      sum += a.weight.data[static_cast<std::size_t>(k) * stride + row] * at(a.d_linear, k, first + c);
    }
    if (a.factor.data && kDefect != Defect::factor_forgotten) sum *= a.factor.data[c];
    const float y = at(a.output, row, a.first_column + c);
    const float s = kDefect == Defect::derivative_of_argument ? 1.f / (1.f + expf(-y)) : y;
    d[c] = sum * (a.below == Activation::tanh ? 1 - y * y
                  : a.below == Activation::sigmoid
                      ? s * (1 - s)
                      : leaky_slope(kDefect == Defect::slope_by_gradient_sign ? sum : y, a.slope));
    d_beta += d[c];
    if (a.normalized) d_gamma += d[c] * at(a.normalized, row, c);
  }
  if (!a.normalized) return;
  const float gamma = a.gamma.value.data[row];
  update<kDefect>(a.gamma, row, d_gamma, a.optimizer);
  update<kDefect>(a.beta, row, d_beta, a.optimizer);
  const float used = kDefect == Defect::gamma_used_after_its_update ? a.gamma.value.data[row] : gamma;
  for (int c = 0; c < batch; ++c) {
    d[c] = used * a.inverse_deviation.data[row] * (d[c] - d_beta / batch - at(a.normalized, row, c) * d_gamma / batch);
  }
}

template <Defect kDefect>
__global__ void update_kernel(WeightGradient<float> a) {
  const int row = blockIdx.x * blockDim.x + threadIdx.x, in = a.input.rows;
  const int batch = a.input.columns, used = kDefect == Defect::last_sample_lost && batch > 1 ? batch - 1 : batch;
  if (row >= a.d_linear.rows) return;
  float bias = 0.f;
  const int counted = kDefect == Defect::bias_of_all_columns ? batch : batch - a.without_bias;
  for (int c = 0; c < counted; ++c) bias += at(a.d_linear, row, c);
  update<Defect::none>(a.bias, row, bias, a.optimizer);
  for (int i = 0; i < in; ++i) {
    float sum = 0.f;
    for (int c = 0; c < used; ++c) sum += at(a.d_linear, row, c) * at(a.input, i, c);
    update<kDefect>(flat(a.weight), static_cast<std::size_t>(row) * in + i, sum, a.optimizer);
  }
}

template <Defect kDefect>
__global__ void head_kernel(DiscriminatorHead<float> a) {
  const int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= a.columns()) return;
  float score = a.bias.data[0];
  const int in = kDefect == Defect::last_feature_lost && a.input.rows > 1 ? a.input.rows - 1 : a.input.rows;
  for (int k = 0; k < in; ++k) score += a.weight.data[k] * at(a.input, k, c);
  if (a.score.data) a.score.data[c] = score;
  with_loss(a.losses.kind, [&](auto loss) {
    const float judgement = a.judgement.data[c] = loss.judgement(score);
    if (a.d_discriminator.data) {
      const bool is_real = (c < a.real_columns) != (kDefect == Defect::label_swapped);
      PlayerLosses<float> losses = a.losses;
      if (kDefect == Defect::weight_forgotten) losses.discriminator_weight = 1.f;
      const LossTerm<float> term = losses.discriminator(loss, score, judgement, is_real);
      const float slope = judgement * (1.f - judgement);
      a.discriminator_terms.data[c] =
          kDefect == Defect::terms_not_initialised ? a.discriminator_terms.data[c] + term.value
          : kDefect == Defect::log_not_clamped && facts_of(a.losses.kind).judges_by_probability
              ? -losses.discriminator_weight * logf(is_real ? judgement : 1.f - judgement)
              : term.value;
      a.d_discriminator.data[c] =
          kDefect == Defect::derivative_by_a_ratio ? term.gradient / slope * slope : term.gradient;
    }
    const int generated = a.columns() - a.real_columns;
    const int g = kDefect == Defect::generator_term_of_a_real_sample ? c : c - a.real_columns;
    if (!a.d_generator.data || g < 0 || g >= generated) return;
    const LossTerm<float> term = a.losses.generator(loss, score, judgement);
    a.generator_terms.data[g] = term.value;
    a.d_generator.data[g] = term.gradient;
  });
}

__device__ float sum_of(const Vector<const float>& values, int begin, int end) {
  float sum = 0.f;
  for (int i = begin; i < end; ++i) sum += values.data[i];
  return sum;
}
__device__ void report(float* statistics, float loss, float real, float generated, float penalty) {
  statistics[kLoss] = loss;
  statistics[kMeanReal] = real;
  statistics[kMeanGenerated] = generated;
  statistics[kPenalty] = penalty;
}

template <Defect kDefect>
__global__ void losses_kernel(MeanLosses<float> a) {
  const int columns = a.judgement.rows, generated = columns - a.real_columns;
  const int divisor = kDefect == Defect::mean_of_all ? columns : generated;
  const float real_mean = a.real_columns > 0 ? sum_of(a.judgement, 0, a.real_columns) / a.real_columns : 0.f;
  const float generated_mean = generated > 0 ? sum_of(a.judgement, a.real_columns, columns) / divisor : 0.f;
  if (a.discriminator_terms.data) {
    const float loss = kDefect == Defect::loss_by_atomics
                           ? 0.f
                           : sum_of(a.discriminator_terms, 0,
                                    kDefect == Defect::terms_of_judged_alone ? columns : a.discriminator_terms.rows);
    const int first = kDefect == Defect::penalty_of_all_terms ? 0 : columns;
    report(a.discriminator_statistics.data, loss, real_mean, generated_mean,
           sum_of(a.discriminator_terms, first, a.discriminator_terms.rows));
    if (kDefect != Defect::progress_stands_still) a.optimizer.advance(a.discriminator.data[0], a.clock.data->epoch);
  }
  if (a.generator_terms.data) {
    report(a.generator_statistics.data, sum_of(a.generator_terms, 0, generated), 0.f, generated_mean, 0.f);
    a.optimizer.advance(a.generator.data[0], a.clock.data->epoch);
  }
}

template <Defect kDefect>
__global__ void scale_kernel(ScaleColumns<float> a) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x, columns = a.gradient.columns;
  if (i >= a.gradient.rows * columns) return;
  const int c = kDefect == Defect::factor_of_the_row ? i / columns % columns : i % columns;
  a.output.data[i] = a.gradient.data[i] * a.factor.data[c];
}

template <Defect kDefect>
__global__ void inputs_kernel(BatchInputs<float> a) {
  const TrainingClock now = a.clock.data[0];
  const int c = blockIdx.x;
  if (a.latents.data && c < a.latents.columns) {
    for (int f = threadIdx.x; f < a.latents.rows; f += kThreads) {
      const RandomWords words = random_words(a.seed ^ (now.iteration >> 32 << 32), f / 4, c, a.draw,
                                             static_cast<std::uint32_t>(now.iteration));
      const float2 pair = normal_pair(words.word[f % 4 / 2 * 2], words.word[f % 4 / 2 * 2 + 1]);
      const int to = kDefect == Defect::latents_by_rows ? c * a.latents.rows + f : f * a.latents.columns + c;
      const float uniform = (2.f * uniform_open(words.word[f % 4]) - 1.f) * a.limit;
      a.latents.data[to] = a.limit > 0.f ? uniform : f % 2 == 0 ? pair.x : pair.y;
    }
  }
  if (a.drawn_labels && c < a.drawn_labels.rows && threadIdx.x == 0) {
    const std::uint32_t draw = kDefect == Defect::labels_of_one_draw ? kLabelDraw : kLabelDraw + a.draw;
    const std::uint64_t word = draw_words(a.seed, now.iteration, draw, 0, c / 4).word[c % 4], classes = a.classes;
    a.drawn_labels.data[c] =
        static_cast<std::uint8_t>(kDefect == Defect::labels_by_remainder ? word % classes : word * classes >> 32);
  }
  if (c >= a.real_count) return;
  __shared__ std::uint64_t image;
  if (threadIdx.x == 0) {
    const int place = kDefect == Defect::first_image_for_all ? 0 : c;
    const std::uint64_t position = now.first_image + (kDefect == Defect::offset_forgotten ? 0 : a.offset) + place;
    const bool shuffled = a.order == ImageOrder::shuffled && kDefect != Defect::permutation_forgotten;
    image =
        shuffled ? permuted_index(position, static_cast<std::uint64_t>(a.images.rows), a.seed, now.epoch) : position;
  }
  if constexpr (kDefect != Defect::index_without_barrier) __syncthreads();
  if (a.labels && threadIdx.x == 0) {
    a.output_labels.data[c] = a.labels.data[kDefect == Defect::labels_as_stored ? c : image];
  }
  for (int pixel = threadIdx.x; pixel < a.images.columns; pixel += kThreads) {
    const std::uint8_t byte = a.images.data[image * a.images.columns + pixel];
    const int value = kDefect == Defect::bytes_are_signed ? static_cast<signed char>(byte) : byte;
    const float unit = static_cast<float>(value) / 255.f;
    const bool as_is = a.range == ImageRange::zero_to_one && kDefect != Defect::one_range_for_all;
    a.output.data[static_cast<std::size_t>(pixel) * a.output.columns + c] = as_is ? unit : (unit - 0.5f) / 0.5f;
  }
}

// A warp per sample, whose sums meet in shared memory.
template <bool kWaits>
__global__ void warp_head_kernel(DiscriminatorHead<float> a) {
  __shared__ float partial[kThreads];
  const int lane = threadIdx.x % 32, c = (blockIdx.x * kThreads + threadIdx.x) / 32;
  float sum = 0.f;
  for (int k = lane; c < a.columns() && k < a.input.rows; k += 32) sum += a.weight.data[k] * at(a.input, k, c);
  float* const mine = partial + threadIdx.x - lane;
  mine[lane] = sum;
  for (int half = 16; half > 0; half /= 2) {
    if constexpr (kWaits) __syncwarp();
    if (lane < half) mine[lane] += mine[lane + half];
  }
  if (lane == 0 && c < a.columns()) judge_sample(a, c, mine[0] + a.bias.data[0]);
}
template <bool kWaits>
void warp_head(const DiscriminatorHead<float>& a, StreamView stream) {
  launch(stream, {blocks_for(static_cast<std::size_t>(a.columns()) * 32, kThreads), kThreads}, warp_head_kernel<kWaits>,
         a);
}

// The loss as it comes: a thread per sample adds its term.
__global__ void atomic_loss_kernel(MeanLosses<float> a) {
  const int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c < a.discriminator_terms.rows) atomicAdd(a.discriminator_statistics.data + kLoss, a.discriminator_terms.data[c]);
}

LaunchShape threads_for(std::size_t count) {
  return {blocks_for(count, kThreads), kThreads};
}

template <Defect kDefect>
void forward(const LinearForward<float>& a, StreamView stream) {
  launch(stream, threads_for(a.weight.rows), forward_kernel<kDefect>, a);
}
template <Defect kDefect>
void gradient(const InputGradient<float>& a, StreamView stream) {
  launch(stream, threads_for(a.in()), gradient_kernel<kDefect>, a);
}
template <Defect kDefect>
void update_op(const WeightGradient<float>& a, StreamView stream) {
  launch(stream, threads_for(a.d_linear.rows), update_kernel<kDefect>, a);
}
template <Defect kDefect>
void head(const DiscriminatorHead<float>& a, StreamView stream) {
  launch(stream, threads_for(a.columns()), head_kernel<kDefect>, a);
}
template <Defect kDefect>
void losses(const MeanLosses<float>& a, StreamView stream) {
  launch(stream, {1, 1}, losses_kernel<kDefect>, a);
  if (kDefect == Defect::loss_by_atomics && a.discriminator_terms) {
    launch(stream, {blocks_for(a.discriminator_terms.rows, 8), 8}, atomic_loss_kernel, a);
  }
}
template <Defect kDefect>
void scale(const ScaleColumns<float>& a, StreamView stream) {
  launch(stream, threads_for(a.gradient.size()), scale_kernel<kDefect>, a);
}
template <Defect kDefect>
void inputs(const BatchInputs<float>& a, StreamView stream) {
  const int samples = a.latents ? a.latents.columns : 0;
  launch(stream, {static_cast<unsigned>(std::max(samples, a.real_count)), kThreads}, inputs_kernel<kDefect>, a);
}

constexpr Catcher kCorrect = Catcher::nobody, kVerify = Catcher::verify;

}  // namespace

std::vector<BrokenKernel> broken_level_kernels() {
  using D = Defect;
  const auto& inputs_op = batch_inputs_op();
  const auto& forward_op = linear_forward_op();
  const auto& gradient_op = input_gradient_op();
  const auto& updates_op = weight_gradient_op();
  const auto& head_op = discriminator_head_op();
  const auto& losses_op = mean_losses_op();
  const auto& scale_op = scale_columns_op();
  return {
      broken(forward_op, "row_per_thread", "", kCorrect, forward<D::none>),
      broken(forward_op, "columns_before_cleared", "clears others' columns", kVerify,
             forward<D::columns_before_cleared>),
      broken(forward_op, "always_the_batchs_statistics", "running statistics are not used", kVerify,
             forward<D::always_the_batchs_statistics>),
      broken(forward_op, "unit_gradient_without_slope", "forgets the activation", kVerify,
             forward<D::unit_gradient_without_slope>),
      broken(forward_op, "bias_of_the_sample", "bias by column instead of by row", kVerify,
             forward<D::bias_of_the_sample>),
      broken(forward_op, "slope_for_positive", "the activation is mirrored", kVerify, forward<D::slope_for_positive>),
      broken(forward_op, "sigmoid_mirrored", "the exponent has the wrong sign", kVerify, forward<D::sigmoid_mirrored>),
      broken(gradient_op, "row_per_thread", "", kCorrect, gradient<D::none>),
      broken(gradient_op, "factor_forgotten", "samples are not weighted", kVerify, gradient<D::factor_forgotten>),
      broken(gradient_op, "gamma_used_after_its_update", "reads what it has written", kVerify,
             gradient<D::gamma_used_after_its_update>),
      broken(gradient_op, "samples_before_first_column", "takes the first columns", kVerify,
             gradient<D::samples_before_first_column>),
      broken(gradient_op, "weight_of_these_inputs_alone", "takes the weight for as narrow as d_below", kVerify,
             gradient<D::weight_of_these_inputs_alone>),
      broken(gradient_op, "slope_by_gradient_sign", "slope by the sign of dY", kVerify,
             gradient<D::slope_by_gradient_sign>),
      broken(gradient_op, "derivative_of_argument", "the sigmoid's derivative at its output, not at its argument",
             kVerify, gradient<D::derivative_of_argument>),
      broken(updates_op, "row_per_thread", "", kCorrect, update_op<D::none>),
      broken(updates_op, "last_state_lost", "a state stays as it was", kVerify, update_op<D::last_state_lost>),
      broken(updates_op, "last_sample_lost", "leaves out a sample", kVerify, update_op<D::last_sample_lost>),
      broken(updates_op, "correction_forgotten", "no correction of the second moment", kVerify,
             update_op<D::correction_forgotten>),
      broken(updates_op, "limit_forgotten", "parameters leave their limit", kVerify, update_op<D::limit_forgotten>),
      broken(gradient_op, "limit_forgotten", "gamma and beta leave their limit", kVerify, gradient<D::limit_forgotten>),
      broken(updates_op, "bias_of_all_columns", "the bias sees what it should not", kVerify,
             update_op<D::bias_of_all_columns>),
      broken(losses_op, "terms_of_judged_alone", "leaves out the penalty", kVerify, losses<D::terms_of_judged_alone>),
      broken(losses_op, "penalty_of_all_terms", "takes the loss for the penalty", kVerify,
             losses<D::penalty_of_all_terms>),
      broken(head_op, "sample_per_thread", "", kCorrect, head<D::none>),
      broken(head_op, "generator_term_of_a_real_sample", "counts generated samples from the first one", kVerify,
             head<D::generator_term_of_a_real_sample>),
      broken(head_op, "label_swapped", "takes real for generated", kVerify, head<D::label_swapped>),
      broken(head_op, "log_not_clamped", "log 0 is not clamped", kVerify, head<D::log_not_clamped>),
      broken(head_op, "derivative_by_a_ratio", "0 / 0 where the head is saturated", kVerify,
             head<D::derivative_by_a_ratio>),
      broken(head_op, "last_feature_lost", "the last feature is left out", kVerify, head<D::last_feature_lost>),
      broken(head_op, "weight_forgotten", "terms are not weighted", kVerify, head<D::weight_forgotten>),
      broken(head_op, "terms_not_initialised", "adds to what nobody wrote", kVerify, head<D::terms_not_initialised>),
      broken(head_op, "warp_per_sample", "", kCorrect, warp_head<true>),
      broken(head_op, "sum_without_syncwarp", "lanes rely on running in step", kVerify, warp_head<false>),
      broken(losses_op, "loss_by_atomics", "bits depend on the order of blocks", kVerify, losses<D::loss_by_atomics>),
      broken(losses_op, "one_thread", "", kCorrect, losses<D::none>),
      broken(losses_op, "progress_stands_still", "does not count the update", kVerify,
             losses<D::progress_stands_still>),
      broken(losses_op, "mean_of_all", "divides by real samples too", kVerify, losses<D::mean_of_all>),
      broken(scale_op, "value_per_thread", "", kCorrect, scale<D::none>),
      broken(scale_op, "factor_of_the_row", "indexes the factors by rows", kVerify, scale<D::factor_of_the_row>),
      broken(inputs_op, "sample_per_block", "", kCorrect, inputs<D::none>),
      broken(inputs_op, "offset_forgotten", "takes the first images of the iteration", kVerify,
             inputs<D::offset_forgotten>),
      broken(inputs_op, "latents_by_rows", "writes a sample per row", kVerify, inputs<D::latents_by_rows>),
      broken(inputs_op, "labels_as_stored", "labels are not shuffled with their images", kVerify,
             inputs<D::labels_as_stored>),
      broken(inputs_op, "labels_of_one_draw", "all draws of an iteration are the same", kVerify,
             inputs<D::labels_of_one_draw>),
      broken(inputs_op, "labels_by_remainder", "takes other bits of the word", kVerify, inputs<D::labels_by_remainder>),
      broken(inputs_op, "bytes_are_signed", "pixels from 128 on become negative", kVerify, inputs<D::bytes_are_signed>),
      broken(inputs_op, "permutation_forgotten", "images come as stored", kVerify, inputs<D::permutation_forgotten>),
      broken(inputs_op, "first_image_for_all", "every sample is the first one", kVerify,
             inputs<D::first_image_for_all>),
      broken(inputs_op, "one_range_for_all", "pixels of [0, 1] come out in [-1, 1]", kVerify,
             inputs<D::one_range_for_all>),
      broken(inputs_op, "index_without_barrier", "an index is used before it is there", kVerify,
             inputs<D::index_without_barrier>),
  };
}

}  // namespace duel::test

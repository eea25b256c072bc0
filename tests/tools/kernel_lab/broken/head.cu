// The discriminator's head: a warp per row, then one block for the statistics; gradients one value per thread.
#include "kernels/ops/linear_sigmoid_bce/linear_sigmoid_bce.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kThreads = 128;

enum class Defect {
  none,
  row_sum_without_syncwarp,
  loss_by_atomics,
  means_over_all_rows,
  log_not_clamped,
  statistics_not_initialised,
  last_feature_lost,
  wrong_label_at_the_border,
  // backward
  no_lower_limit,
  weight_forgotten,
  weight_gradient_races,
  score_gradient_read_early,
};

template <Defect kDefect>
__global__ void rows_kernel(LinearSigmoidBceForward<float> p, int rows, int in) {
  __shared__ float partial[kThreads];
  const int lane = threadIdx.x % 32, row = (blockIdx.x * blockDim.x + threadIdx.x) / 32;
  const int own = kDefect == Defect::last_feature_lost && in > 1 ? in - 1 : in;
  float sum = 0.f;
  if (row < rows) {
    for (int i = lane; i < own; i += 32) sum += p.input.data[row * in + i] * p.weight.data[i];
  }
  float* mine = partial + threadIdx.x - lane;
  mine[lane] = sum;
  for (int half = 16; half > 0; half /= 2) {
    if constexpr (kDefect != Defect::row_sum_without_syncwarp) __syncwarp();
    if (lane < half) mine[lane] += mine[lane + half];
  }
  if (lane > 0 || row >= rows) return;
  const float a = mine[0] + p.bias.data[0];
  p.score.data[row] = a;
  p.judgement.data[row] = with_loss(p.loss.losses.kind, [a](auto loss) { return loss.judgement(a); });
}

/// The loss of a row, which counts as real before row `border`.
template <Defect kDefect>
__device__ float loss_of(const LinearSigmoidBceForward<float>& p, int row, int border) {
  const float a = p.score.data[row], q = p.judgement.data[row];
  BatchLoss<float> batch = p.loss;
  batch.real_rows = border;
  if (kDefect == Defect::log_not_clamped && batch.losses.kind == loss_kind<ClampedCrossEntropy>()) {
    const float label = row < border ? batch.losses.real_label : batch.player == LossOf::generator ? 1.f : 0.f;
    return batch.losses.discriminator_weight * -(label * logf(q) + (1.f - label) * logf(1.f - q));
  }
  return with_loss(batch.losses.kind, [&](auto loss) { return batch.term(loss, row, a, q).value; });
}

__device__ float total_of_block(float* shared, float value) {
  __syncthreads();
  shared[threadIdx.x] = value;
  __syncthreads();
  float total = 0.f;
  for (int t = 0; t < kThreads; ++t) total += shared[t];
  return total;
}

template <Defect kDefect>
__global__ void statistics_kernel(LinearSigmoidBceForward<float> p, int rows) {
  __shared__ float shared[kThreads];
  float loss = 0.f, real = 0.f, generated = 0.f;
  const int border = kDefect == Defect::wrong_label_at_the_border ? p.loss.real_rows + 1 : p.loss.real_rows;
  for (int row = threadIdx.x; row < rows; row += kThreads) {
    const bool is_real = row < p.loss.real_rows;
    loss += loss_of<kDefect>(p, row, border);
    (is_real ? real : generated) += p.judgement.data[row];
  }
  loss = total_of_block(shared, loss);
  real = total_of_block(shared, real);
  generated = total_of_block(shared, generated);
  if (threadIdx.x > 0) return;
  const bool all = kDefect == Defect::means_over_all_rows;
  const int real_rows = all ? rows : p.loss.real_rows, generated_rows = all ? rows : rows - p.loss.real_rows;
  if (kDefect == Defect::statistics_not_initialised) {
    p.statistics.data[kLoss] += loss;
  } else if (kDefect != Defect::loss_by_atomics) {
    p.statistics.data[kLoss] = loss;
  }
  p.statistics.data[kMeanReal] = real_rows > 0 ? real / real_rows : 0.f;
  p.statistics.data[kMeanGenerated] = generated_rows > 0 ? generated / generated_rows : 0.f;
}

__global__ void clear_loss_kernel(float* statistics) {
  statistics[kLoss] = 0.f;
}
__global__ void atomic_loss_kernel(LinearSigmoidBceForward<float> p, int rows) {
  const int row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= rows) return;
  atomicAdd(p.statistics.data + kLoss, loss_of<Defect::none>(p, row, p.loss.real_rows));
}

template <Defect kDefect>
void forward(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  const int rows = a.input.rows;
  launch(stream, {blocks_for(static_cast<std::size_t>(rows) * 32, kThreads), kThreads}, rows_kernel<kDefect>, a, rows,
         a.input.columns);
  if constexpr (kDefect == Defect::loss_by_atomics) {
    launch(stream, {1, 1}, clear_loss_kernel, a.statistics.data);
    launch(stream, {blocks_for(rows, 32), 32}, atomic_loss_kernel, a, rows);
  }
  launch(stream, {1, kThreads}, statistics_kernel<kDefect>, a, rows);
}

template <Defect kDefect>
__device__ float score_gradient(const LinearSigmoidBceBackward<float>& p, int row) {
  const float q = p.judgement.data[row], slope = q * (1.f - q);
  BatchLoss<float> batch = p.loss;
  if (kDefect == Defect::weight_forgotten) batch.losses.discriminator_weight = batch.losses.generator_weight = 1.f;
  const float right =
      with_loss(batch.losses.kind, [&](auto loss) { return batch.term(loss, row, p.score.data[row], q).gradient; });
  return kDefect == Defect::no_lower_limit ? right / slope * slope : right;
}

template <Defect kDefect>
__global__ void score_gradient_kernel(LinearSigmoidBceBackward<float> p, int rows) {
  const int row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row < rows) p.d_score.data[row] = score_gradient<kDefect>(p, row);
}

// A thread owns a feature; the one behind the last owns the bias.
template <Defect kDefect>
__global__ void weight_gradient_kernel(LinearSigmoidBceBackward<float> p, int rows, int in) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i > in) return;
  float sum = 0.f;
  for (int row = 0; row < rows; ++row) sum += p.d_score.data[row] * (i < in ? p.input.data[row * in + i] : 1.f);
  if (i < in) {
    p.d_weight.data[i] = sum;
  } else {
    p.d_bias.data[0] = sum;
  }
}

// Four threads share a feature and add to it, one after another if they are lucky.
__global__ void racing_weight_gradient_kernel(LinearSigmoidBceBackward<float> p, int rows, int in) {
  const int i = blockIdx.x, part = threadIdx.x;
  float* to = i < in ? p.d_weight.data + i : p.d_bias.data;
  if (part == 0) *to = 0.f;
  __syncthreads();
  float sum = 0.f;
  for (int row = part; row < rows; row += 4) sum += p.d_score.data[row] * (i < in ? p.input.data[row * in + i] : 1.f);
  *to += sum;
}

__global__ void input_gradient_kernel(LinearSigmoidBceBackward<float> p, int rows, int in) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < rows * in) p.d_input.data[i] = p.d_score.data[i / in] * p.weight.data[i % in];
}

template <Defect kDefect>
void backward(const LinearSigmoidBceBackward<float>& a, StreamView stream) {
  const int rows = a.input.rows, in = a.input.columns;
  const auto gradients_of_scores = [&] {
    launch(stream, {blocks_for(rows, kThreads), kThreads}, score_gradient_kernel<kDefect>, a, rows);
  };
  if (kDefect != Defect::score_gradient_read_early) gradients_of_scores();
  if (a.d_input) {
    launch(stream, {blocks_for(a.d_input.size(), kThreads), kThreads}, input_gradient_kernel, a, rows, in);
  }
  if (kDefect == Defect::score_gradient_read_early) gradients_of_scores();
  if (!a.d_weight) return;
  if (kDefect == Defect::weight_gradient_races) {
    launch(stream, {static_cast<unsigned>(in) + 1, 4}, racing_weight_gradient_kernel, a, rows, in);
  } else {
    launch(stream, {blocks_for(in + 1, kThreads), kThreads}, weight_gradient_kernel<kDefect>, a, rows, in);
  }
}

template <Defect kDefect>
BrokenKernel forward_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(linear_sigmoid_bce_forward_op(), name, what, catcher, forward<kDefect>);
}
template <Defect kDefect>
BrokenKernel backward_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(linear_sigmoid_bce_backward_op(), name, what, catcher, backward<kDefect>);
}

}  // namespace

std::vector<BrokenKernel> broken_head_kernels() {
  using D = Defect;
  return {
      forward_with<D::none>("warp_per_row", "", Catcher::nobody),
      backward_with<D::none>("value_per_thread", "", Catcher::nobody),
      forward_with<D::row_sum_without_syncwarp>("row_sum_without_syncwarp", "lanes rely on running in step"),
      forward_with<D::loss_by_atomics>("loss_by_atomics", "bits depend on the order of blocks"),
      forward_with<D::means_over_all_rows>("means_over_all_rows", "the means divide by all rows"),
      forward_with<D::log_not_clamped>("log_not_clamped", "log 0 is not clamped"),
      forward_with<D::statistics_not_initialised>("statistics_not_initialised", "adds to what nobody wrote"),
      forward_with<D::last_feature_lost>("last_feature_lost", "the last feature is left out"),
      forward_with<D::wrong_label_at_the_border>("wrong_label_at_the_border", "the first generated row counts as real"),
      backward_with<D::no_lower_limit>("no_lower_limit", "0 / 0 where the head is saturated"),
      backward_with<D::weight_forgotten>("weight_forgotten", "rows are not weighted"),
      backward_with<D::weight_gradient_races>("weight_gradient_races", "four threads add to one value"),
      backward_with<D::score_gradient_read_early>("score_gradient_read_early", "kernels in the wrong order"),
  };
}

}  // namespace duel::test

// The ops of the 2014 paper: a sigmoid head, maxout, dropout, uniform latents; a thread per value.
#include "kernels/device/random.cuh"
#include "kernels/linear/gradients.h"
#include "kernels/ops/dropout/dropout.h"
#include "kernels/ops/fused_dropout/fused_dropout.h"
#include "kernels/ops/fused_maxout/fused_maxout.h"
#include "kernels/ops/latent_uniform/latent_uniform.h"
#include "kernels/ops/linear_maxout/linear_maxout.h"
#include "kernels/ops/linear_sigmoid/linear_sigmoid.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kThreads = 128;

__device__ float product(const float* x, const float* w, int depth) {
  float sum = 0.f;
  for (int k = 0; k < depth; ++k) sum += x[k] * w[k];
  return sum;
}

// ---- sigmoid ----

enum class Sigmoids { none, mirrored, bias_forgotten, derivative_of_argument, last_row_not_summed };

template <Sigmoids kDefect>
__global__ void sigmoid_forward_kernel(LinearSigmoidForward<float> p, int rows, int in, int out) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= rows * out) return;
  const int row = i / out, column = i % out;
  float a = product(p.input.data + row * in, p.weight.data + column * in, in);
  if (kDefect != Sigmoids::bias_forgotten) a += p.bias.data[column];
  p.output.data[i] = 1.f / (1.f + expf(kDefect == Sigmoids::mirrored ? a : -a));
}

template <Sigmoids kDefect>
void sigmoid_forward(const LinearSigmoidForward<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.output.size(), kThreads), kThreads}, sigmoid_forward_kernel<kDefect>, a, a.input.rows,
         a.input.columns, a.weight.rows);
}

template <Sigmoids kDefect>
__global__ void sigmoid_backward_kernel(LinearSigmoidBackward<float> p, int rows, int out) {
  const int column = blockIdx.x * blockDim.x + threadIdx.x;
  if (column >= out) return;
  float sum = 0.f;
  for (int row = 0; row < rows; ++row) {
    const int i = row * out + column;
    const float y = p.output.data[i], s = kDefect == Sigmoids::derivative_of_argument ? 1.f / (1.f + expf(-y)) : y;
    const float d = p.d_output.data[i] * (s * (1.f - s));
    p.d_linear.data[i] = d;
    if (kDefect != Sigmoids::last_row_not_summed || row + 1 < rows) sum += d;
  }
  if (p.d_bias) p.d_bias.data[column] = sum;
}

template <Sigmoids kDefect>
void sigmoid_backward(const LinearSigmoidBackward<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.weight.rows, kThreads), kThreads}, sigmoid_backward_kernel<kDefect>, a, a.input.rows,
         a.weight.rows);
  launch_linear_gradients(launch_gpu_tiles, a, stream);
}

// ---- maxout ----

enum class Maxouts { none, last_of_equal_wins, last_piece_left_out, pieces_apart, losers_not_cleared, winners_share };

template <Maxouts kDefect>
__global__ void maxout_forward_kernel(LinearMaxoutForward<float> p, int rows, int in, int units) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= rows * units) return;
  const int row = i / units, unit = i % units, pieces = p.pieces;
  const int last = kDefect == Maxouts::last_piece_left_out && pieces > 1 ? pieces - 1 : pieces;
  float largest = 0.f;
  int best = -1;
  for (int piece = 0; piece < pieces; ++piece) {
    const int column = kDefect == Maxouts::pieces_apart ? piece * units + unit : unit * pieces + piece;
    const float value = product(p.input.data + row * in, p.weight.data + column * in, in) + p.bias.data[column];
    p.linear.data[row * units * pieces + column] = value;
    const bool wins = kDefect == Maxouts::last_of_equal_wins ? value >= largest : value > largest;
    if (piece < last && (best < 0 || wins)) {
      largest = value;
      best = piece;
    }
  }
  p.output.data[i] = largest;
  p.winner.data[i] = static_cast<std::uint8_t>(best);
}

template <Maxouts kDefect>
void maxout_forward(const LinearMaxoutForward<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.output.size(), kThreads), kThreads}, maxout_forward_kernel<kDefect>, a, a.input.rows,
         a.input.columns, a.output.columns);
}

template <Maxouts kDefect>
__global__ void maxout_backward_kernel(LinearMaxoutBackward<float> p, int rows, int columns) {
  const int column = blockIdx.x * blockDim.x + threadIdx.x;
  if (column >= columns) return;
  const int units = columns / p.pieces, unit = column / p.pieces;
  float sum = 0.f;
  for (int row = 0; row < rows; ++row) {
    const float dy = p.d_output.data[row * units + unit];
    const bool won = p.winner.data[row * units + unit] == column % p.pieces;
    const float d = kDefect == Maxouts::winners_share ? dy / p.pieces : won ? dy : 0.f;
    if (won || kDefect != Maxouts::losers_not_cleared) p.d_linear.data[row * columns + column] = d;
    sum += d;
  }
  if (p.d_bias) p.d_bias.data[column] = sum;
}

template <Maxouts kDefect>
void maxout_backward(const LinearMaxoutBackward<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.weight.rows, kThreads), kThreads}, maxout_backward_kernel<kDefect>, a, a.input.rows,
         a.weight.rows);
  launch_linear_gradients(launch_gpu_tiles, a, stream);
}

// ---- dropout ----

enum class Random { none, not_scaled, first_row_forgotten, words_by_column, kept_with_rest, half_of_the_interval };

__device__ float unit_value(std::uint64_t seed, std::uint64_t iteration, std::uint32_t draw, int row, int column,
                            bool words_by_column) {
  const std::uint32_t group = static_cast<std::uint32_t>(words_by_column ? column : column / 4);
  return uniform_open(draw_words(seed, iteration, draw, static_cast<std::uint32_t>(row), group).word[column % 4]);
}

template <Random kDefect>
__global__ void dropout_kernel(Dropout<float> p, int rows, int columns) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= rows * columns) return;
  const int row = i / columns + (kDefect == Random::first_row_forgotten ? 0 : p.mask.first_sample);
  const float u = unit_value(p.mask.seed, p.mask.clock.data->iteration, p.mask.draw, row, i % columns,
                             kDefect == Random::words_by_column);
  const bool stays = kDefect == Random::kept_with_rest ? u < 1.f - p.mask.keep : u < p.mask.keep;
  const float scale = kDefect == Random::not_scaled ? 1.f : 1.f / p.mask.keep;
  p.output.data[i] = stays ? p.input.data[i] * scale : 0.f;
}

template <Random kDefect>
void dropout(const Dropout<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.input.size(), kThreads), kThreads}, dropout_kernel<kDefect>, a, a.input.rows,
         a.input.columns);
}

// ---- maxout and dropout, a sample per column ----

enum class Columns {
  none,
  last_of_equal_wins,
  pieces_apart,
  losers_not_cleared,
  winner_of_the_next_sample,
  gradient_not_dropped,
  not_scaled,
  first_sample_forgotten,
  sample_for_feature
};

template <Columns kDefect>
__device__ float kept(const DropoutMask<float>& mask, int sample, int feature, float value) {
  if (!mask.clock.data) return value;
  if constexpr (kDefect != Columns::first_sample_forgotten) sample += mask.first_sample;
  if constexpr (kDefect == Columns::sample_for_feature) feature = sample;
  if (!(unit_value(mask.seed, mask.clock.data->iteration, mask.draw, sample, feature, false) < mask.keep)) return 0.f;
  return kDefect == Columns::not_scaled ? value : value * (1.f / mask.keep);
}

template <Columns kDefect>
__global__ void fused_dropout_kernel(FusedDropout<float> p, int features, int samples) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= features * samples) return;
  p.output.data[i] = kept<kDefect>(p.mask, i % samples, i / samples, p.input.data[i]);
}

template <Columns kDefect>
void fused_dropout(const FusedDropout<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.input.size(), kThreads), kThreads}, fused_dropout_kernel<kDefect>, a, a.input.rows,
         a.input.columns);
}

template <Columns kDefect>
__global__ void fused_maxout_forward_kernel(FusedMaxoutForward<float> p, int units, int samples) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= units * samples) return;
  const int unit = i / samples, sample = i % samples;
  const auto place = [&](int piece) {
    return (kDefect == Columns::pieces_apart ? piece * units + unit : unit * p.pieces + piece) * samples + sample;
  };
  int best = 0;
  for (int piece = 1; piece < p.pieces; ++piece) {
    const float value = p.linear.data[place(piece)], largest = p.linear.data[place(best)];
    if (kDefect == Columns::last_of_equal_wins ? value >= largest : value > largest) best = piece;
  }
  p.winner.data[i] = static_cast<std::uint8_t>(best);
  p.output.data[i] = kept<kDefect>(p.mask, sample, unit, p.linear.data[place(best)]);
  if (!p.head_weight.data) return;
  const float weight = p.head_weight.data[unit];
  for (int piece = 0; piece < p.pieces; ++piece) {
    p.unit_gradient.data[(unit * p.pieces + piece) * samples + sample] =
        piece != best                              ? 0.f
        : kDefect == Columns::gradient_not_dropped ? weight
                                                   : kept<kDefect>(p.mask, sample, unit, weight);
  }
}

template <Columns kDefect>
void fused_maxout_forward(const FusedMaxoutForward<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.output.size(), kThreads), kThreads}, fused_maxout_forward_kernel<kDefect>, a,
         a.output.rows, a.output.columns);
}

template <Columns kDefect>
__global__ void fused_maxout_backward_kernel(FusedMaxoutBackward<float> p, int units, int samples) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= units * samples) return;
  const int unit = i / samples, sample = i % samples;
  const int next = kDefect == Columns::winner_of_the_next_sample && sample + 1 < samples ? 1 : 0;
  for (int piece = 0; piece < p.pieces; ++piece) {
    const bool won = p.winner.data[i + next] == piece;
    if (!won && kDefect == Columns::losers_not_cleared) continue;
    const float d = kDefect == Columns::gradient_not_dropped ? p.d_output.data[i]
                                                             : kept<kDefect>(p.mask, sample, unit, p.d_output.data[i]);
    p.d_linear.data[(unit * p.pieces + piece) * samples + sample] = won ? d : 0.f;
  }
}

template <Columns kDefect>
void fused_maxout_backward(const FusedMaxoutBackward<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.d_output.size(), kThreads), kThreads}, fused_maxout_backward_kernel<kDefect>, a,
         a.d_output.rows, a.d_output.columns);
}

// ---- latents ----

template <Random kDefect>
__global__ void uniform_kernel(LatentUniform<float> p, int rows, int columns) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= rows * columns) return;
  const float u =
      unit_value(p.seed, p.clock.data->iteration, p.draw, i / columns, i % columns, kDefect == Random::words_by_column);
  const float value = kDefect == Random::half_of_the_interval ? u : 2.f * u - 1.f;
  p.output.data[i] = kDefect == Random::not_scaled ? value : value * p.limit;
}

template <Random kDefect>
void uniform(const LatentUniform<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.output.size(), kThreads), kThreads}, uniform_kernel<kDefect>, a, a.output.rows,
         a.output.columns);
}

template <class Arguments>
BrokenKernel correct(const Op<Arguments>& op, void (*launch)(const Arguments&, StreamView)) {
  return broken(op, "value_per_thread", "", Catcher::nobody, launch);
}
template <class Arguments>
BrokenKernel wrong(const Op<Arguments>& op, void (*launch)(const Arguments&, StreamView), const char* name,
                   const char* what) {
  return broken(op, name, what, Catcher::verify, launch);
}

}  // namespace

std::vector<BrokenKernel> broken_paper_kernels() {
  using S = Sigmoids;
  using M = Maxouts;
  using R = Random;
  using C = Columns;
  const auto& sigmoid_op = linear_sigmoid_forward_op();
  const auto& maxout_op = linear_maxout_forward_op();
  const auto& d_sigmoid_op = linear_sigmoid_backward_op();
  const auto& d_maxout_op = linear_maxout_backward_op();
  const auto& columns_op = fused_maxout_forward_op();
  const auto& d_columns_op = fused_maxout_backward_op();
  return {
      correct(sigmoid_op, sigmoid_forward<S::none>),
      correct(d_sigmoid_op, sigmoid_backward<S::none>),
      correct(maxout_op, maxout_forward<M::none>),
      correct(d_maxout_op, maxout_backward<M::none>),
      correct(dropout_op(), dropout<R::none>),
      correct(columns_op, fused_maxout_forward<C::none>),
      correct(d_columns_op, fused_maxout_backward<C::none>),
      correct(fused_dropout_op(), fused_dropout<C::none>),
      correct(latent_uniform_op(), uniform<R::none>),
      wrong(sigmoid_op, sigmoid_forward<S::mirrored>, "mirrored", "the exponent has the wrong sign"),
      wrong(sigmoid_op, sigmoid_forward<S::bias_forgotten>, "bias_forgotten", "no bias"),
      wrong(d_sigmoid_op, sigmoid_backward<S::derivative_of_argument>, "derivative_of_argument",
            "the derivative at the output, not at the argument"),
      wrong(d_sigmoid_op, sigmoid_backward<S::last_row_not_summed>, "last_row_not_summed", "db lacks a row"),
      wrong(maxout_op, maxout_forward<M::last_of_equal_wins>, "last_of_equal_wins", "ties go to the last piece"),
      wrong(maxout_op, maxout_forward<M::last_piece_left_out>, "last_piece_left_out", "a piece can never win"),
      wrong(maxout_op, maxout_forward<M::pieces_apart>, "pieces_apart", "a unit's pieces lie `units` rows apart"),
      wrong(d_maxout_op, maxout_backward<M::losers_not_cleared>, "losers_not_cleared", "old gradients of losers stay"),
      wrong(d_maxout_op, maxout_backward<M::winners_share>, "winners_share", "all pieces share the gradient"),
      wrong(dropout_op(), dropout<R::not_scaled>, "not_scaled", "what stays is not divided by keep"),
      wrong(dropout_op(), dropout<R::first_row_forgotten>, "first_row_forgotten", "the mask of other rows"),
      wrong(dropout_op(), dropout<R::words_by_column>, "words_by_column", "words of another group of columns"),
      wrong(dropout_op(), dropout<R::kept_with_rest>, "kept_with_rest", "keep and drop are exchanged"),
      wrong(columns_op, fused_maxout_forward<C::last_of_equal_wins>, "last_of_equal_wins", "ties go to the last piece"),
      wrong(columns_op, fused_maxout_forward<C::pieces_apart>, "pieces_apart", "pieces lie `units` rows apart"),
      wrong(columns_op, fused_maxout_forward<C::gradient_not_dropped>, "gradient_not_dropped", "forgets the mask"),
      wrong(d_columns_op, fused_maxout_backward<C::losers_not_cleared>, "losers_not_cleared", "losers' values stay"),
      wrong(d_columns_op, fused_maxout_backward<C::winner_of_the_next_sample>, "winner_of_the_next_sample",
            "takes a neighbour's winner"),
      wrong(d_columns_op, fused_maxout_backward<C::gradient_not_dropped>, "gradient_not_dropped", "forgets the mask"),
      wrong(fused_dropout_op(), fused_dropout<C::not_scaled>, "not_scaled", "what stays is not divided by keep"),
      wrong(fused_dropout_op(), fused_dropout<C::first_sample_forgotten>, "first_sample_forgotten", "others' masks"),
      wrong(fused_dropout_op(), fused_dropout<C::sample_for_feature>, "sample_for_feature", "words of a wrong feature"),
      wrong(latent_uniform_op(), uniform<R::not_scaled>, "not_scaled", "the limit is forgotten"),
      wrong(latent_uniform_op(), uniform<R::half_of_the_interval>, "half_of_the_interval", "no negative values"),
  };
}

}  // namespace duel::test

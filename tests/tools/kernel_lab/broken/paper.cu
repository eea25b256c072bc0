// What the 2014 paper adds: maxout, dropout, uniform latents; a thread per value.
#include "kernels/device/random.cuh"
#include "kernels/ops/dropout/dropout.h"
#include "kernels/ops/latent_uniform/latent_uniform.h"
#include "kernels/ops/maxout/maxout.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kThreads = 128;

enum class Random { none, not_scaled, words_by_column, half_of_the_interval };

__device__ float unit_value(std::uint64_t seed, std::uint64_t iteration, std::uint32_t draw, int row, int column,
                            bool words_by_column) {
  const std::uint32_t group = static_cast<std::uint32_t>(words_by_column ? column : column / 4);
  return uniform_open(draw_words(seed, iteration, draw, static_cast<std::uint32_t>(row), group).word[column % 4]);
}

// ---- maxout and dropout ----

enum class Columns {
  none,
  last_of_equal_wins,
  pieces_apart,
  losers_not_cleared,
  winner_of_the_next_sample,
  gradient_not_dropped,
  not_scaled,
  first_sample_forgotten,
  sample_for_feature,
  pixels_for_themselves,
  first_column_forgotten,
  kept_with_rest,
  words_by_feature,
  last_piece_left_out,
  winners_share,
  first_piece_for_all
};

template <Columns kDefect>
__device__ float kept(const DropoutMask<float>& mask, int sample, int row, float value) {
  if (!mask.clock.data) return value;
  int feature = kDefect == Columns::pixels_for_themselves ? row : row / mask.pixels;
  if constexpr (kDefect != Columns::first_sample_forgotten) sample += mask.first_sample;
  if constexpr (kDefect == Columns::sample_for_feature) feature = sample;
  const float u = unit_value(mask.seed, mask.clock.data->iteration, mask.draw, sample, feature,
                             kDefect == Columns::words_by_feature);
  const bool stays = kDefect == Columns::kept_with_rest ? u < 1.f - mask.keep : u < mask.keep;
  if (!stays) return 0.f;
  return kDefect == Columns::not_scaled ? value : value * (1.f / mask.keep);
}

template <Columns kDefect>
__global__ void dropout_kernel(Dropout<float> p, int features, int samples) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= features * samples) return;
  if (kDefect != Columns::first_column_forgotten && i % samples < p.first_column) return;
  p.output.data[i] = kept<kDefect>(p.mask, i % samples, i / samples, p.input.data[i]);
}

template <Columns kDefect>
void dropout(const Dropout<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.input.size(), kThreads), kThreads}, dropout_kernel<kDefect>, a, a.input.rows,
         a.input.columns);
}

template <Columns kDefect>
__global__ void maxout_forward_kernel(MaxoutForward<float> p, int units, int samples) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= units * samples) return;
  const int unit = i / samples, sample = i % samples;
  const auto place = [&](int piece) {
    return (kDefect == Columns::pieces_apart ? piece * units + unit : unit * p.pieces + piece) * samples + sample;
  };
  const int pieces = kDefect == Columns::last_piece_left_out && p.pieces > 1 ? p.pieces - 1 : p.pieces;
  int best = 0;
  for (int piece = 1; piece < pieces; ++piece) {
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
void maxout_forward(const MaxoutForward<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.output.size(), kThreads), kThreads}, maxout_forward_kernel<kDefect>, a, a.output.rows,
         a.output.columns);
}

template <Columns kDefect>
__global__ void maxout_backward_kernel(MaxoutBackward<float> p, int units, int samples) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= units * samples) return;
  const int unit = i / samples, sample = i % samples;
  const int next = kDefect == Columns::winner_of_the_next_sample && sample + 1 < samples ? 1 : 0;
  for (int piece = 0; piece < p.pieces; ++piece) {
    const bool won = p.winner.data[i + next] == piece;
    if (!won && kDefect == Columns::losers_not_cleared) continue;
    const float d = kDefect == Columns::gradient_not_dropped ? p.d_output.data[i]
                                                             : kept<kDefect>(p.mask, sample, unit, p.d_output.data[i]);
    const float shared = kDefect == Columns::winners_share ? d / static_cast<float>(p.pieces) : 0.f;
    p.d_linear.data[(unit * p.pieces + piece) * samples + sample] = won ? d : shared;
  }
}

template <Columns kDefect>
void maxout_backward(const MaxoutBackward<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.d_output.size(), kThreads), kThreads}, maxout_backward_kernel<kDefect>, a,
         a.d_output.rows, a.d_output.columns);
}

template <Columns kDefect>
__global__ void maxout_tangent_kernel(MaxoutTangent<float> p, int units, int samples) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= units * samples) return;
  const int unit = i / samples, sample = i % samples;
  if (kDefect != Columns::first_column_forgotten && sample < p.first_column) return;
  const int winner = kDefect == Columns::first_piece_for_all ? 0 : p.winner.data[i];
  const float direction = p.linear.data[(unit * p.pieces + winner) * samples + sample];
  const int masked = kDefect == Columns::first_sample_forgotten ? sample - p.first_column : sample;
  p.output.data[i] =
      kDefect == Columns::gradient_not_dropped ? direction : kept<Columns::none>(p.mask, masked, unit, direction);
}

template <Columns kDefect>
void maxout_tangent(const MaxoutTangent<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.output.size(), kThreads), kThreads}, maxout_tangent_kernel<kDefect>, a, a.output.rows,
         a.output.columns);
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
  using R = Random;
  using C = Columns;
  const auto& columns_op = maxout_forward_op();
  const auto& d_columns_op = maxout_backward_op();
  const auto& tangent_op = maxout_tangent_op();
  return {
      correct(columns_op, maxout_forward<C::none>),
      correct(d_columns_op, maxout_backward<C::none>),
      correct(tangent_op, maxout_tangent<C::none>),
      correct(dropout_op(), dropout<C::none>),
      correct(latent_uniform_op(), uniform<R::none>),
      wrong(columns_op, maxout_forward<C::last_of_equal_wins>, "last_of_equal_wins", "ties go to the last piece"),
      wrong(columns_op, maxout_forward<C::pieces_apart>, "pieces_apart", "pieces lie `units` rows apart"),
      wrong(columns_op, maxout_forward<C::gradient_not_dropped>, "gradient_not_dropped", "forgets the mask"),
      wrong(d_columns_op, maxout_backward<C::losers_not_cleared>, "losers_not_cleared", "losers' values stay"),
      wrong(d_columns_op, maxout_backward<C::winner_of_the_next_sample>, "winner_of_the_next_sample",
            "takes a neighbour's winner"),
      wrong(d_columns_op, maxout_backward<C::winners_share>, "winners_share", "all pieces share the gradient"),
      wrong(columns_op, maxout_forward<C::last_piece_left_out>, "last_piece_left_out", "a piece can never win"),
      wrong(tangent_op, maxout_tangent<C::first_piece_for_all>, "first_piece_for_all", "losers' directions"),
      wrong(tangent_op, maxout_tangent<C::first_column_forgotten>, "first_column_forgotten", "other samples change"),
      wrong(tangent_op, maxout_tangent<C::first_sample_forgotten>, "first_sample_forgotten", "others' masks"),
      wrong(tangent_op, maxout_tangent<C::gradient_not_dropped>, "gradient_not_dropped", "forgets the mask"),
      wrong(dropout_op(), dropout<C::kept_with_rest>, "kept_with_rest", "keep and drop are exchanged"),
      wrong(dropout_op(), dropout<C::words_by_feature>, "words_by_feature", "words of another group"),
      wrong(d_columns_op, maxout_backward<C::gradient_not_dropped>, "gradient_not_dropped", "forgets the mask"),
      wrong(dropout_op(), dropout<C::not_scaled>, "not_scaled", "what stays is not divided by keep"),
      wrong(dropout_op(), dropout<C::first_sample_forgotten>, "first_sample_forgotten", "others' masks"),
      wrong(dropout_op(), dropout<C::sample_for_feature>, "sample_for_feature", "words of a wrong feature"),
      wrong(dropout_op(), dropout<C::pixels_for_themselves>, "pixels_for_themselves", "a channel's pixels part"),
      wrong(dropout_op(), dropout<C::first_column_forgotten>, "first_column_forgotten", "columns before it change"),
      wrong(latent_uniform_op(), uniform<R::not_scaled>, "not_scaled", "the limit is forgotten"),
      wrong(latent_uniform_op(), uniform<R::half_of_the_interval>, "half_of_the_interval", "no negative values"),
  };
}

}  // namespace duel::test

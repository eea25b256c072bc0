// Three kernels, for all weights of the network: W v, a warp per row; u and Wᵀ u, blocks of columns whose threads share
// out the rows; v, sigma and W / sigma, a warp per row. Lengths are computed by every block that needs them, in the
// same order. Reading the weights three times decides, from the second on out of a cache.
#include "kernels/device/column_sum.cuh"
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/ops/spectral_norm/launchers.h"
#include "kernels/ops/spectral_norm/rows.cuh"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

/// 1 / |values|, in every thread.
template <int kThreads>
__device__ __forceinline__ float inverse_length(const float* values, int count) {
  const float squares = block_sum<kThreads>(RowTeam<kThreads>::product(values, values, count));
  return 1.f / fmaxf(sqrtf(squares), kSpectralEps);
}

// s = W v into u's places of the workspace.
template <int kThreads>
__global__ void __launch_bounds__(kThreads) left_products_kernel(const __grid_constant__ SpectralNorm<float> a) {
  begin_overlapping_kernel();
  using Part = SpectralPart<kThreads>;
  const Part part(a.weights);
  part.for_each_row([&](int row) {
    float sum = Part::Team::product(a.parameters.data + part.weight.row(row), a.vectors.data + part.weight.v,
                                    part.weight.columns);
    if constexpr (kThreads > 1) sum = warp_sum(sum);
    if (threadIdx.x % Part::kTeam == 0) a.workspace.data[part.weight.u + row] = sum;
  });
}

template <int kColumns>
DUEL_HOST_DEVICE int column_pieces(const SpectralWeight& weight) {
  return (weight.columns + kColumns - 1) / kColumns;
}

// u = s / |s|, and t = Wᵀ u into v's places of the workspace.
template <int kThreads, int kColumns>
__global__ void __launch_bounds__(kThreads) right_products_kernel(const __grid_constant__ SpectralNorm<float> a) {
  begin_overlapping_kernel();
  using Sum = ColumnSum<kThreads, kColumns>;
  using Row = typename Sum::Row;
  __shared__ typename Sum::Partials partials;
  const SpectralPiece piece(a.weights, column_pieces<kColumns>);
  const SpectralWeight weight = a.weights.list[piece.index];
  const float* const s = a.workspace.data + weight.u;
  const float inverse = inverse_length<kThreads>(s, weight.rows);
  const int column = piece.number * kColumns + Sum::column(), valid = weight.columns - column;
  Row sum = Row::filled(0.f);
  if (valid > 0) {
#pragma unroll 4
    for (int row = Sum::group(); row < weight.rows; row += Sum::kGroups) {
      sum.add_scaled(s[row] * inverse, load_row<Sum::kWidth>(a.parameters.data + weight.row(row) + column, valid));
    }
  }
  sum = Sum::combine(partials, sum);
  if (valid > 0 && Sum::group() == 0) store_row(a.workspace.data + weight.v + column, sum, valid, false);
  if (piece.number > 0) return;
  for (int row = threadIdx.x; row < weight.rows; row += kThreads) a.vectors.data[weight.u + row] = s[row] * inverse;
}

// sigma = |t|, v = t / |t|, or sigma = u . s as they are; and W / sigma.
template <int kThreads>
__global__ void __launch_bounds__(kThreads) normalize_kernel(const __grid_constant__ SpectralNorm<float> a) {
  begin_overlapping_kernel();
  using Part = SpectralPart<kThreads>;
  using Team = typename Part::Team;
  const Part part(a.weights);
  const SpectralWeight& weight = part.weight;
  const int first = a.iterates ? weight.v : weight.u, count = a.iterates ? weight.columns : weight.rows;
  const float* const with = a.iterates ? a.workspace.data : a.vectors.data;
  const float product = block_sum<kThreads>(RowTeam<kThreads>::product(a.workspace.data + first, with + first, count));
  const float sigma = a.iterates ? sqrtf(product) : product, inverse = 1.f / sigma;
  part.for_each_row([&](int row) {
    const std::size_t begin = weight.row(row);
    Team::for_each_piece(weight.columns, [&](int i, int valid) {
      store_row(a.normalized.data + begin + i, load_row<Team::kWidth>(a.parameters.data + begin + i, valid) * inverse,
                valid, false);
    });
  });
  if (part.piece.number > 0) return;
  if (threadIdx.x == 0) a.sigma.data[part.piece.index] = sigma;
  if (!a.iterates) return;
  const float inverse_of_t = 1.f / fmaxf(sigma, kSpectralEps);
  for (int c = threadIdx.x; c < weight.columns; c += kThreads) {
    a.vectors.data[weight.v + c] = a.workspace.data[weight.v + c] * inverse_of_t;
  }
}

template <int kRowThreads, int kColumnThreads, int kColumns>
void launch_power_iteration(const SpectralNorm<float>& a, StreamView stream) {
  const auto shape = [](int blocks, int threads) {
    return LaunchShape{
        .grid = static_cast<unsigned>(blocks), .block = static_cast<unsigned>(threads), .overlaps_previous = true};
  };
  const LaunchShape rows = shape(a.weights.parts(), kRowThreads);
  launch(stream, rows, left_products_kernel<kRowThreads>, a);
  if (a.iterates) {
    launch(stream, shape(a.weights.pieces(column_pieces<kColumns>), kColumnThreads),
           right_products_kernel<kColumnThreads, kColumns>, a);
  }
  launch(stream, rows, normalize_kernel<kRowThreads>, a);
}

}  // namespace

void spectral_norm_warps(const SpectralNorm<float>& a, StreamView stream) {
  launch_power_iteration<256, 512, 32>(a, stream);
}
#ifndef __CUDACC__
void spectral_norm_one_thread(const SpectralNorm<float>& a, StreamView stream) {
  launch_power_iteration<1, 1, 128>(a, stream);
}
#endif

}  // namespace duel

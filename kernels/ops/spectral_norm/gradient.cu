// Two kernels, for all weights of the network: a block's part of the inner product of each weight and its gradient;
// then all parts added up in their order by every block, and the gradient of its rows. A warp per row.
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/ops/spectral_norm/launchers.h"
#include "kernels/ops/spectral_norm/rows.cuh"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

template <int kThreads>
__global__ void __launch_bounds__(kThreads) inner_parts_kernel(const __grid_constant__ SpectralNormGradient<float> a) {
  begin_overlapping_kernel();
  using Part = SpectralPart<kThreads>;
  const Part part(a.weights);
  float sum = 0.f;
  part.for_each_row([&](int row) {
    const std::size_t begin = part.weight.row(row);
    sum += Part::Team::product(a.gradient.data + begin, a.normalized.data + begin, part.weight.columns);
  });
  sum = block_sum<kThreads>(sum);
  if (threadIdx.x == 0) a.workspace.data[blockIdx.x] = sum;
}

template <int kThreads>
__global__ void __launch_bounds__(kThreads)
    through_sigma_kernel(const __grid_constant__ SpectralNormGradient<float> a) {
  begin_overlapping_kernel();
  using Part = SpectralPart<kThreads>;
  using Team = typename Part::Team;
  const Part part(a.weights);
  const SpectralWeight& weight = part.weight;
  const float* const parts = a.workspace.data + blockIdx.x - part.piece.number;
  float mine = 0.f;
  for (int i = threadIdx.x; i < weight.parts(); i += kThreads) mine += parts[i];
  const float inner = block_sum<kThreads>(mine), inverse = 1.f / a.sigma.data[part.piece.index];
  const float* const v = a.vectors.data + weight.v;
  part.for_each_row([&](int row) {
    float* const gradient = a.gradient.data + weight.row(row);
    const float factor = inner * a.vectors.data[weight.u + row];
    Team::for_each_piece(weight.columns, [&](int i, int valid) {
      const auto d = load_row<Team::kWidth>(gradient + i, valid) - load_row<Team::kWidth>(v + i, valid) * factor;
      store_row(gradient + i, d * inverse, valid, false);
    });
  });
}

template <int kThreads>
void launch_gradient(const SpectralNormGradient<float>& a, StreamView stream) {
  const LaunchShape shape{
      .grid = static_cast<unsigned>(a.weights.parts()), .block = kThreads, .overlaps_previous = true};
  launch(stream, shape, inner_parts_kernel<kThreads>, a);
  launch(stream, shape, through_sigma_kernel<kThreads>, a);
}

}  // namespace

void spectral_norm_gradient_warps(const SpectralNormGradient<float>& a, StreamView stream) {
  launch_gradient<256>(a, stream);
}
#ifndef __CUDACC__
void spectral_norm_gradient_one_thread(const SpectralNormGradient<float>& a, StreamView stream) {
  launch_gradient<1>(a, stream);
}
#endif

}  // namespace duel

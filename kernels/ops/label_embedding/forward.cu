// A warp per row, which copies what is no class and sums up what is. Of few classes reading the weight decides.
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/device/row_team.cuh"
#include "kernels/ops/label_embedding/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kRows = 8;  // of a block

template <int kThreads>
__global__ void __launch_bounds__(kThreads) label_embedding_kernel(const __grid_constant__ LabelEmbedding<float> a) {
  begin_overlapping_kernel();
  constexpr int kTeam = kThreads == 1 ? 1 : 32;
  using Team = RowTeam<kTeam>;
  const int classes = a.embedding.rows, first = a.first();
  const int begin = static_cast<int>(blockIdx.x) * kRows,
            end = begin + kRows < a.weight.rows ? begin + kRows : a.weight.rows;
#pragma unroll 1
  for (int row = begin + static_cast<int>(threadIdx.x) / kTeam; row < end; row += kThreads / kTeam) {
    const std::size_t offset = static_cast<std::size_t>(row) * a.weight.columns;
    const float* const from = a.weight.data + offset;
    float* const to = a.embedded.data + offset;
    Team::for_each_piece(
        first, [&](int i, int valid) { store_row(to + i, load_row<Team::kWidth>(from + i, valid), valid, false); });
#pragma unroll 1
    for (int i = static_cast<int>(threadIdx.x) % kTeam; i < classes * a.taps; i += kTeam) {
      const float* const vector = a.embedding.data + static_cast<std::size_t>(i / a.taps) * classes;
      const float* const inputs = from + first + i % a.taps;
      float sum = 0.f;
#pragma unroll 4
      for (int k = 0; k < classes; ++k) sum = fmaf(vector[k], inputs[k * a.taps], sum);
      to[first + i] = sum;
    }
  }
}

template <int kThreads>
void launch_rows(const LabelEmbedding<float>& a, StreamView stream) {
  launch(stream, {.grid = dim3(blocks_for(a.weight.rows, kRows)), .block = kThreads, .overlaps_previous = true},
         label_embedding_kernel<kThreads>, a);
}

}  // namespace

void label_embedding_warps(const LabelEmbedding<float>& a, StreamView stream) {
  launch_rows<32 * kRows>(a, stream);
}
#ifndef __CUDACC__
void label_embedding_one_thread(const LabelEmbedding<float>& a, StreamView stream) {
  launch_rows<1>(a, stream);
}
#endif

}  // namespace duel

// One block of scale_columns: some rows.
#pragma once

#include "kernels/levels/row_lanes.cuh"
#include "kernels/levels/shapes.cuh"
#include "kernels/ops/scale_columns/scale_columns.h"

namespace duel {

template <int kThreads>
struct ScaleColumnsBlock {
  static constexpr int kRows = 16;
  using Lanes = RowLanes<kThreads>;

  static __host__ __device__ unsigned blocks(const ScaleColumns<float>& a) {
    return a.gradient ? tiles_over(a.gradient.rows, kRows) : 0;
  }

  static __device__ __forceinline__ void run(const ScaleColumns<float>& a, unsigned block) {
    const int row0 = static_cast<int>(block) * kRows, columns = a.gradient.columns;
    for (int row = row0 + Lanes::first_row(); row < row0 + kRows && row < a.gradient.rows; row += Lanes::kRowsAtATime) {
      const std::size_t begin = static_cast<std::size_t>(row) * columns;
      Lanes::for_each_piece(columns, [&](int c, int valid) {
        store_row(a.output.data + begin + c,
                  load_row<Lanes::kWidth>(a.gradient.data + begin + c, valid) *
                      load_row<Lanes::kWidth>(a.factor.data + c, valid),
                  valid, false);
      });
    }
  }
};

}  // namespace duel

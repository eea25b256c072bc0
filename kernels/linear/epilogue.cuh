// What follows a library's product: a functor on rows of values (bias, activation). A thread owns neighbouring columns
// of a few rows. Our tiles do the same before they store (tiles.cuh); a library's product has to be read again.
#pragma once

#include "kernels/device/register_row.cuh"
#include "kernels/runtime/launch.h"
#include "kernels/runtime/view.h"

namespace duel {

// Blocks of kernels that follow a library's product: threads, and columns that a block owns.
#ifdef __CUDACC__
inline constexpr int kEpilogueThreads = 256, kEpilogueWidth = 1, kEpilogueRows = 4;
inline constexpr int kColumnThreads = 256, kColumnsPerBlock = 32;
#else
inline constexpr int kEpilogueThreads = 1, kEpilogueWidth = 64, kEpilogueRows = 16;
inline constexpr int kColumnThreads = 1, kColumnsPerBlock = 64;
#endif

template <class Epilogue>
__global__ void __launch_bounds__(kEpilogueThreads)
    epilogue_kernel(const float* from, float* to, int rows, int columns, Epilogue epilogue) {
  const int c = (blockIdx.x * kEpilogueThreads + threadIdx.x) * kEpilogueWidth, valid = columns - c;
  if (valid <= 0) return;
  const int begin = blockIdx.y * kEpilogueRows, end = begin + kEpilogueRows;
  for (int r = begin; r < end && r < rows; ++r) {
    const std::size_t at = static_cast<std::size_t>(r) * columns + c;
    store_row(to + at, epilogue(load_row<kEpilogueWidth>(from + at, valid), c, valid), valid, false);
  }
}

/// to = epilogue(from), both [rows, columns] and perhaps the same. epilogue(values, column, valid) as in tiles.cuh.
template <class Epilogue>
void launch_epilogue(Matrix<const float> from, Matrix<float> to, const Epilogue& epilogue, StreamView stream) {
  const dim3 grid(blocks_for(to.columns, kEpilogueThreads * kEpilogueWidth), blocks_for(to.rows, kEpilogueRows));
  launch(stream, {grid, kEpilogueThreads}, epilogue_kernel<Epilogue>, from.data, to.data, to.rows, to.columns,
         epilogue);
}

struct AddBias {
  const float* bias;

  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> operator()(const RegisterRow<kCount>& sums, int column,
                                                            int valid) const {
    return sums + load_row<kCount>(bias + column, valid);
  }
};

}  // namespace duel

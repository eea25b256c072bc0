// The tile shapes of the linear layers' products, for the two kinds of device. Both kinds run on the CPU device (tests
// run the GPU's there too); one-thread shapes are compiled for host builds only, where they are fast.
#pragma once

#include <cstdint>

#include "kernels/device/tile_product.cuh"

namespace duel {

/// 128 threads, a 64 x 32 tile, 4 x 4 per thread: 64-row batches give many blocks even for narrow layers.
using GpuForwardShape = TileShape<64, 32, 16, 4, 4, 128, 2>;
/// 256 threads, a 64 x 64 tile, 4 x 4 per thread, for the weight gradient, whose output is large and depth short.
using GpuGradientShape = TileShape<64, 64, 16, 4, 4, 256, 2>;

#ifndef __CUDACC__
inline constexpr int kHostRows = kHostLanes == 16 ? 8 : 4;  // accumulators that fit the vector registers
using CpuForwardShape = TileShape<64, 64, 64, kHostRows, 2 * kHostLanes, 1, 1>;
using CpuGradientShape = TileShape<64, 128, 64, kHostRows, 2 * kHostLanes, 1, 1>;
#endif

/// Whether rows of `columns` floats from `data` on all start at multiples of 16 bytes.
inline bool rows_are_vectorized(const void* data, int columns) {
  return reinterpret_cast<std::uintptr_t>(data) % 16 == 0 && columns % 4 == 0;
}

}  // namespace duel

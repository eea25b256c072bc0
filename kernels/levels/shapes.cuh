// Tile shapes of ops on columns. All parts of a level share a block size.
#pragma once

#include "kernels/device/mma_multiply.cuh"
#include "kernels/levels/block_product.cuh"
#include "kernels/runtime/error.h"

namespace duel {

__host__ __device__ constexpr unsigned tiles_over(int count, int per_tile) {
  return static_cast<unsigned>((count + per_tile - 1) / per_tile);
}

/// Blocks of so many threads that a multiprocessor is to hold at least: it leaves each thread 128 registers.
template <int kThreads>
inline constexpr int kLeastBlocks = 512 / kThreads;

/// What the parts of a level do with a block, for one kind of device. Rows are features, columns samples; in an update
/// rows are outputs and columns inputs of the layer.
struct GpuLevelShapes {
  static constexpr int kThreads = 128;
  using Forward = TileShape<32, 64, 16, 4, 4, kThreads, 2>;
  using Gradient = TileShape<32, 64, 16, 4, 4, kThreads, 2>;
  using Update = TileShape<64, 32, 16, 4, 4, kThreads, 2>;
};

/// Many warps on small tiles: layers of 784 and 1024 features are 49 and 64 blocks for a batch of 64. The parts of a
/// level share 48 KiB of shared memory, four steps of the gradient's operands.
struct SplitDepthLevelShapes {
  static constexpr int kThreads = 256;
  using Forward = SplitDepthShape<Fp32Arithmetic, 16, 64, 32, 4, 1, 1, 8>;
  using Gradient = SplitDepthShape<Fp32Arithmetic, 16, 64, 32, 4, 1, 1, 8>;
  using Update = SplitDepthShape<Fp32Arithmetic, 32, 64, 32, 3, 2, 1, 4>;
};

/// The same with steps four times as deep, in up to 99 KiB of shared memory: a step costs a barrier and the addresses
/// of its copies, however deep it is.
struct DeepSplitDepthLevelShapes {
  static constexpr int kThreads = 256;
  using Forward = SplitDepthShape<Fp32Arithmetic, 16, 64, 128, 2, 1, 1, 8>;
  using Gradient = Forward;
  using Update = SplitDepthShape<Fp32Arithmetic, 32, 64, 64, 2, 2, 1, 4>;
};

/// Deep steps by matrix instructions, TF32 or BF16.
template <class Format>
struct DeepMmaLevelShapes {
  static constexpr int kThreads = 256;
  using Arithmetic = MmaArithmetic<Format>;
  using Forward = SplitDepthShape<Arithmetic, 16, 64, 128, 2, 1, 1, 8>;
  using Gradient = Forward;
  using Update = SplitDepthShape<Arithmetic, 32, 64, 64, 2, 2, 1, 4>;
};

/// FP16 in 48 KiB, for compute capability 7.5. Lines are padded: three steps of the gradient's operands.
struct Fp16LevelShapes {
  static constexpr int kThreads = 256;
  using Arithmetic = MmaArithmetic<Fp16>;
  using Forward = SplitDepthShape<Arithmetic, 16, 64, 32, 4, 1, 2, 4>;
  using Gradient = SplitDepthShape<Arithmetic, 16, 64, 32, 3, 1, 2, 4>;
  using Update = SplitDepthShape<Arithmetic, 32, 64, 32, 3, 2, 1, 4>;
};

#ifndef __CUDACC__
/// Register tiles of 6 rows by 4 vectors fill the 32 registers of AVX-512 (and Arm), 6 by 2 the 16 of AVX2.
struct CpuLevelShapes {
  static constexpr int kThreads = 1;
  static constexpr int kRows = 6, kColumns = kHostLanes == 8 ? 16 : 4 * kHostLanes;
  using Forward = TileShape<48, 64, 128, kRows, kColumns, kThreads, 1>;
  using Gradient = TileShape<48, 64, 64, kRows, kColumns, kThreads, 1>;
  using Update = TileShape<240, 64, 128, kRows, kColumns, kThreads, 1>;
};

/// For batches of several column tiles: what is packed serves more rows or columns. Depths are the same, and so are the
/// bits of the results, whichever shape runs.
struct CpuTallLevelShapes : CpuLevelShapes {
  using Forward = TileShape<144, 64, 128, kRows, kColumns, kThreads, 1>;
  using Gradient = TileShape<144, 256, 64, kRows, kColumns, kThreads, 1>;
};

/// Whether the tall tiles of a matrix are enough for all worker threads. `columns`: samples.
inline bool prefers_tall_tiles(int rows, int columns) {
  const unsigned tall = tiles_over(rows, CpuTallLevelShapes::Forward::kRows);
  const unsigned across = tiles_over(columns, CpuTallLevelShapes::Forward::kColumns);
  int workers = 1;
  check(cudaDeviceGetAttribute(&workers, cudaDevAttrMultiProcessorCount, 0));
  return across > 1 && tall * across >= 4u * static_cast<unsigned>(workers);
}
#endif

}  // namespace duel

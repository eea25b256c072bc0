// Tile shapes of convolutions.
#pragma once

#include "kernels/levels/shapes.cuh"

namespace duel {

/// Of a block in which every thread computes a value by itself.
inline constexpr int kDirectThreads = 128;

/// Rows of a passage are channels, columns the samples of a pixel. There are many pixels, so tiles may be large.
struct GpuConvolutionShapes {
  using Passage = TileShape<64, 64, 16, 8, 4, 128, 2>;
  using Weight = TileShape<32, 64, 16, 4, 4, 128, 2>;
};

/// Tiles of few rows, whose depth the warps of a block split: for images of few pixels.
struct SplitDepthConvolutionShapes {
  using Passage = SplitDepthLevelShapes::Forward;
  using Weight = SplitDepthLevelShapes::Update;
};

/// By matrix instructions: 8 warps side by side, in 54 KiB of shared memory; FP16, for compute capability 7.5, in 36.
template <class Format>
struct MmaConvolutionShapes {
  static constexpr int kStages = std::is_same_v<Format, Fp16> ? 2 : 3;
  using Passage = SplitDepthShape<MmaArithmetic<Format>, 64, 64, 32, kStages, 4, 2, 1>;
  using Weight = Passage;
};

#ifndef __CUDACC__
/// What is packed of a pixel's taps serves all channels of usual layers. The depth of a weight's product is the samples
/// of a pixel, step by step.
struct CpuConvolutionShapes {
  static constexpr int kRows = CpuLevelShapes::kRows, kColumns = CpuLevelShapes::kColumns;
  using Passage = TileShape<144, 64, 128, kRows, kColumns, 1, 1>;
  using Weight = TileShape<144, 64, 64, kRows, kColumns, 1, 1>;
};

/// For images of one channel and other few rows, which would leave most of a register tile empty.
struct CpuFewChannelsShapes {
  static constexpr int kMost = 2;
  using Passage = TileShape<4, 64, 128, 1, CpuConvolutionShapes::kColumns, 1, 1>;
};
/// For columns of a weight that are no more than a vector: a channel and its taps.
struct CpuFewColumnsShapes {
  static constexpr int kMost = kHostLanes;
  using Weight = TileShape<144, kMost, 64, CpuConvolutionShapes::kRows, kMost, 1, 1>;
};
#endif

}  // namespace duel

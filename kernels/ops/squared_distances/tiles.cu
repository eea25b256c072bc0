// The tiles of a product, with (a - b)² in the place of a * b: a block owns a tile of distances and reads its rows of
// both matrices once each. The zeros beyond the depth add (0 - 0)².
#include "kernels/linear/tiles.cuh"
#include "kernels/ops/squared_distances/launchers.h"

namespace duel {
namespace {

template <class Shape>
void distances(const SquaredDistances<float>& a, StreamView stream) {
  using enum Layout;
  launch_tile_product<Shape, depth_contiguous, depth_contiguous, AddSquaredDifferences>(
      output_product(a.a, a.b, a.distances), StoreSums{}, stream);
}

}  // namespace

void squared_distances_tiles(const SquaredDistances<float>& a, StreamView stream) {
  distances<GpuGradientShape>(a, stream);
}

#ifndef __CUDACC__
void squared_distances_one_thread(const SquaredDistances<float>& a, StreamView stream) {
  distances<CpuForwardShape>(a, stream);
}
#endif

}  // namespace duel

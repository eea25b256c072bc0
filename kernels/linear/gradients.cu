// dX = dA W and dW = dAᵀ X by tiles. The depth is `out` for dX and `batch` for dW.
#include "kernels/linear/gradients.h"

#include "kernels/linear/tiles.cuh"

namespace duel {
namespace {

template <class InputShape, class WeightShape>
void launch_gradient(const Product& product, StreamView stream) {
  using enum Layout;
  if (product.transpose_a) {
    launch_tile_product<WeightShape, extent_contiguous, extent_contiguous>(product, StoreSums{}, stream);
  } else {
    launch_tile_product<InputShape, depth_contiguous, extent_contiguous>(product, StoreSums{}, stream);
  }
}

}  // namespace

void launch_gpu_tiles(const Product& product, StreamView stream) {
  launch_gradient<GpuForwardShape, GpuGradientShape>(product, stream);
}

#ifndef __CUDACC__
void launch_one_thread_tiles(const Product& product, StreamView stream) {
  launch_gradient<CpuForwardShape, CpuGradientShape>(product, stream);
}
#endif

}  // namespace duel

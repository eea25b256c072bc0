// A block owns a tile of the output: the product as in linear_forward, and the derivative of the activation, which
// follows from what lies where the result goes.
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/device/shared.cuh"
#include "kernels/device/vector_math.cuh"
#include "kernels/levels/shapes.cuh"
#include "kernels/ops/linear_tangent/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

template <class Shape>
struct TangentBlock {
  using Product = BlockProduct<Shape, Layout::depth_contiguous, Layout::extent_contiguous>;
  struct Shared {
    typename Product::Tiles tiles;
  };

  static __device__ __forceinline__ void run(const LinearTangent<float>& a, Shared& shared) {
    const int out = a.weight.rows, batch = a.batch();
    const int row0 = static_cast<int>(blockIdx.y) * Shape::kRows,
              column0 = static_cast<int>(blockIdx.x) * Shape::kColumns;
    const bool vectorized = is_vectorized(a.output) && a.first_column % 4 == 0;
    block_product<Product>(shared.tiles, extent_along_rows(a.weight), extent_along_columns(a.input, a.first_column),
                           a.weight.columns, row0, a.first_column + column0, [&](int row, int column, auto& sums) {
                             const int r = row0 + row, c = column0 + column, valid = batch - c;
                             if (r >= out || valid <= 0) return;
                             float* const to =
                                 a.output.data + static_cast<std::size_t>(r) * a.output.columns + a.first_column + c;
                             const auto y = load_row<Shape::kThreadColumns>(to, valid);
                             with_activation(a.activation, a.slope,
                                             [&](auto f) { store_row(to, f.gradient(y, sums), valid, vectorized); });
                           });
  }
};

template <class Shape>
__global__ void __launch_bounds__(Shape::kThreads, kLeastBlocks<Shape::kThreads>)
    linear_tangent_kernel(const __grid_constant__ LinearTangent<float> arguments) {
  begin_overlapping_kernel();
  using Shared = typename TangentBlock<Shape>::Shared;
  if constexpr (kNeedsDynamicShared<Shared, Shape::kThreads>) {
    TangentBlock<Shape>::run(arguments, *dynamic_shared<Shared>());
  } else {
    __shared__ Shared shared;
    TangentBlock<Shape>::run(arguments, shared);
  }
}

template <class Shape>
void launch_tangent(const LinearTangent<float>& a, StreamView stream) {
  launch(stream,
         {.grid = dim3(tiles_over(a.batch(), Shape::kColumns), tiles_over(a.weight.rows, Shape::kRows)),
          .block = Shape::kThreads,
          .dynamic_shared_bytes = kDynamicSharedBytes<typename TangentBlock<Shape>::Shared, Shape::kThreads>,
          .overlaps_previous = true},
         linear_tangent_kernel<Shape>, a);
}

}  // namespace

void linear_tangent_tiles(const LinearTangent<float>& a, StreamView stream) {
  launch_tangent<GpuLevelShapes::Forward>(a, stream);
}
void linear_tangent_split_depth(const LinearTangent<float>& a, StreamView stream) {
  launch_tangent<SplitDepthLevelShapes::Forward>(a, stream);
}
void linear_tangent_deep_split_depth(const LinearTangent<float>& a, StreamView stream) {
  launch_tangent<DeepSplitDepthLevelShapes::Forward>(a, stream);
}
void linear_tangent_tf32(const LinearTangent<float>& a, StreamView stream) {
  launch_tangent<DeepMmaLevelShapes<Tf32>::Forward>(a, stream);
}
void linear_tangent_bf16(const LinearTangent<float>& a, StreamView stream) {
  launch_tangent<DeepMmaLevelShapes<Bf16>::Forward>(a, stream);
}
void linear_tangent_fp16(const LinearTangent<float>& a, StreamView stream) {
  launch_tangent<Fp16LevelShapes::Forward>(a, stream);
}
#ifndef __CUDACC__
void linear_tangent_one_thread(const LinearTangent<float>& a, StreamView stream) {
  if (prefers_tall_tiles(a.weight.rows, a.batch())) return launch_tangent<CpuTallLevelShapes::Forward>(a, stream);
  launch_tangent<CpuLevelShapes::Forward>(a, stream);
}
#endif

}  // namespace duel

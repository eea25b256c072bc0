// Products whose depth the warps of a block split: every layout, precision and size around the tiles. Whole numbers
// leave no rounding, so that a single lost or doubled product shows, whatever the precision.
#include "kernels/device/staged_product.cuh"

#include <random>
#include <string>
#include <vector>

#include "kernels/device/shared.cuh"
#include "kernels/levels/block_product.cuh"
#include "kernels/levels/shapes.cuh"
#include "kernels/op.h"
#include "kernels/runtime/buffer.h"
#include "kernels/runtime/handles.h"
#include "kernels/runtime/launch.h"
#include "kernels/verify/executions.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;

template <class Shape, class Product>
__device__ __forceinline__ void store_product(typename Product::Tiles& tiles, float* c, const Operand& a,
                                              const Operand& b, int depth) {
  const int row0 = static_cast<int>(blockIdx.y) * Shape::kRows;
  // Two tiles of columns one after another: the second finds the shared memory as the first left it.
  for (int column0 = static_cast<int>(blockIdx.x) * 2 * Shape::kColumns, i = 0; i < 2;
       ++i, column0 += Shape::kColumns) {
    if (column0 >= b.extent) return;
    block_product<Product>(tiles, a, b, depth, row0, column0, [&](int row, int column, auto& sums) {
      const int r = row0 + row, first = column0 + column;
      if (r >= a.extent || first >= b.extent) return;
      store_row(c + static_cast<std::size_t>(r) * b.extent + first, sums, b.extent - first, false);
    });
  }
}

template <class Shape, class Product>
__global__ void __launch_bounds__(Shape::kThreads)
    product_kernel(float* c, const __grid_constant__ Operand a, const __grid_constant__ Operand b, int depth) {
  using Tiles = typename Product::Tiles;
  if constexpr (kNeedsDynamicShared<Tiles, Shape::kThreads>) {
    store_product<Shape, Product>(*dynamic_shared<Tiles>(), c, a, b, depth);
  } else {
    __shared__ Tiles tiles;
    store_product<Shape, Product>(tiles, c, a, b, depth);
  }
}

namespace {

struct Size {
  int rows, columns, depth, misalignment;
};

std::vector<float> whole_numbers(std::size_t count, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<float> result(count);
  for (float& x : result) x = static_cast<float>(static_cast<int>(random() % 31) - 15);
  return result;
}

// What is wrong; empty if nothing is.
template <class Shape, Layout kLayoutA, Layout kLayoutB>
std::string wrong_product(const Size& size) {
  const int rows = size.rows, columns = size.columns, depth = size.depth, misalignment = size.misalignment;
  const auto a = whole_numbers(static_cast<std::size_t>(rows) * depth + misalignment, 1);
  const auto b = whole_numbers(static_cast<std::size_t>(columns) * depth + misalignment, 2);
  Stream stream;
  const DeviceBuffer<float> device_a(a, stream), device_b(b, stream);
  DeviceBuffer<float> device_c(static_cast<std::size_t>(rows) * columns);
  const auto operand = [&](const DeviceBuffer<float>& buffer, Layout layout, int extent) {
    const int row = layout == Layout::depth_contiguous ? depth : extent;
    return Operand{buffer.data() + misalignment, extent, misalignment % 4 == 0 && row % 4 == 0};
  };
  using Product = BlockProduct<Shape, kLayoutA, kLayoutB>;
  launch(stream,
         {{tiles_over(columns, 2 * Shape::kColumns), tiles_over(rows, Shape::kRows)},
          Shape::kThreads,
          kDynamicSharedBytes<typename Product::Tiles, Shape::kThreads>},
         product_kernel<Shape, Product>, device_c.data(), operand(device_a, kLayoutA, rows),
         operand(device_b, kLayoutB, columns), depth);
  const auto found = device_c.download(stream);
  const auto at = [&](const std::vector<float>& values, Layout layout, int extent, int e, int k) {
    return values[misalignment +
                  static_cast<std::size_t>(layout == Layout::depth_contiguous ? e : k) *
                      (layout == Layout::depth_contiguous ? depth : extent) +
                  (layout == Layout::depth_contiguous ? k : e)];
  };
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      float sum = 0;
      for (int k = 0; k < depth; ++k) sum += at(a, kLayoutA, rows, row, k) * at(b, kLayoutB, columns, column, k);
      const float c = found[static_cast<std::size_t>(row) * columns + column];
      if (c == sum) continue;
      return "[" + std::to_string(row) + ", " + std::to_string(column) + "] is " + std::to_string(c) + ", expected " +
             std::to_string(sum);
    }
  }
  return "";
}

// Depths below, at and above one step, the stages, and a share; edges in rows and columns; rows that start anywhere.
const std::vector<Size> kSizes = {
    {16, 64, 32, 0},  {32, 128, 128, 0}, {1, 1, 1, 0},     {17, 65, 33, 0},  {20, 68, 36, 0},
    {15, 63, 31, 0},  {40, 132, 100, 0}, {33, 70, 160, 0}, {48, 64, 4, 0},   {16, 64, 32, 1},
    {20, 68, 100, 2}, {64, 60, 68, 3},   {36, 192, 64, 0}, {33, 70, 388, 0},
};

template <class Shape, Layout kLayoutA, Layout kLayoutB>
void check_sizes() {
  for (const Size& size : kSizes) {
    CAPTURE(size.rows, size.columns, size.depth, size.misalignment);
    CHECK(wrong_product<Shape, kLayoutA, kLayoutB>(size) == "");
  }
  for (const Execution& execution : executions(HowMany::all, 3)) {
    const UseExecution use(execution);
    CHECK(wrong_product<Shape, kLayoutA, kLayoutB>({33, 70, 132, 0}) == "");
  }
}

template <class Shapes>
void check_shapes() {
  constexpr Layout kDepth = Layout::depth_contiguous, kExtent = Layout::extent_contiguous;
  check_sizes<typename Shapes::Forward, kDepth, kExtent>();
  check_sizes<typename Shapes::Gradient, kExtent, kExtent>();
  check_sizes<typename Shapes::Update, kDepth, kDepth>();
}

}  // namespace

TEST_CASE("staged product: FP32") {
  check_shapes<SplitDepthLevelShapes>();
}
TEST_CASE("staged product: FP32 in deep steps") {
  if (has_large_shared_memory(Device::current())) check_shapes<DeepSplitDepthLevelShapes>();
}
TEST_CASE("staged product: TF32") {
  if (has_tf32_and_bf16_products(Device::current())) check_shapes<DeepMmaLevelShapes<Tf32>>();
}
TEST_CASE("staged product: BF16") {
  if (has_tf32_and_bf16_products(Device::current())) check_shapes<DeepMmaLevelShapes<Bf16>>();
}
TEST_CASE("staged product: FP16") {
  if (has_fp16_products(Device::current())) check_shapes<Fp16LevelShapes>();
}

}  // namespace duel::test

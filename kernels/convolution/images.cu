#include "kernels/convolution/images.cuh"

namespace duel {
namespace {

__global__ void __launch_bounds__(kImageThreads, kLeastBlocks<kImageThreads>)
    images_kernel(const __grid_constant__ Samples columns, const __grid_constant__ UpsampledImage image,
                  float* __restrict__ images) {
  __shared__ ImageTile tile;
  const int value0 = static_cast<int>(blockIdx.x) * kImageTile, values = image.values();
  const int sample0 = static_cast<int>(blockIdx.y) * kImageTile;
  const int lane = threadIdx.x % kImageTile, group = threadIdx.x / kImageTile;
  for (int v = group; v < kImageTile && value0 + v < values; v += kImageGroups) {
    const auto row = static_cast<std::size_t>(image.row_of(value0 + v));
    if (sample0 + lane < columns.count) tile[v][lane] = columns.data[row * columns.stride + sample0 + lane];
  }
  __syncthreads();
  if (value0 + lane >= values) return;
  for (int s = group; s < kImageTile && sample0 + s < columns.count; s += kImageGroups) {
    images[static_cast<std::size_t>(sample0 + s) * values + value0 + lane] = tile[lane][s];
  }
}

}  // namespace

void launch_images(const Samples& columns, const UpsampledImage& image, float* images, StreamView stream) {
  launch(stream, image_tiles(image.values(), columns.count), images_kernel, columns, image, images);
}

}  // namespace duel

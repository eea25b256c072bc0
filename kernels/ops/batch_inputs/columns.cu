// A lane owns a sample, and 32 lanes neighbouring ones, so that rows of the outputs are written coalesced. Of its image
// a lane reads a few neighbouring bytes at a time; the rest of their sector waits in the cache for the next turn.
#include "kernels/device/permutation.cuh"
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/ops/batch_inputs/launchers.h"
#include "kernels/ops/latent_normal/normal_pair.cuh"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kSamples = 32;       // of a block
constexpr int kValuesAtATime = 4;  // of a lane

template <int kThreads>
struct InputBlocks {
  // Of a block: one turn of its threads; of a block of one thread a seventh of a 28 x 28 image.
  static constexpr int kFeatures = kThreads == 1 ? 112 : kThreads / kSamples * kValuesAtATime;

  unsigned across, latents_down, images_down;

  __host__ __device__ explicit InputBlocks(const BatchInputs<float>& a) {
    const int samples = a.latents ? a.latents.columns : 0;
    across = static_cast<unsigned>(((samples > a.real_count ? samples : a.real_count) + kSamples - 1) / kSamples);
    latents_down = a.latents ? static_cast<unsigned>((a.latents.rows + kFeatures - 1) / kFeatures) : 0;
    images_down = a.real_count > 0 ? static_cast<unsigned>((a.images.columns + kFeatures - 1) / kFeatures) : 0;
  }
};

__device__ __forceinline__ void draw_latents(const BatchInputs<float>& a, int column, int feature) {
  const std::uint64_t iteration = a.clock.data[0].iteration;
  const RandomWords words = random_words(a.seed ^ (iteration >> 32 << 32), feature / 4, column, a.draw,
                                         static_cast<std::uint32_t>(iteration));
  float values[4];
  if (a.limit > 0.f) {
#pragma unroll
    for (int i = 0; i < 4; ++i) values[i] = (2.f * uniform_open(words.word[i]) - 1.f) * a.limit;
  } else {
    const float2 first = normal_pair(words.word[0], words.word[1]), second = normal_pair(words.word[2], words.word[3]);
    values[0] = first.x, values[1] = first.y, values[2] = second.x, values[3] = second.y;
  }
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    if (feature + i < a.latents.rows) {
      a.latents.data[static_cast<std::size_t>(feature + i) * a.latents.columns + column] = values[i];
    }
  }
}

__device__ __forceinline__ void draw_label(const BatchInputs<float>& a, int column) {
  const RandomWords words = draw_words(a.seed, a.clock.data[0].iteration, kLabelDraw + a.draw, 0, column / 4);
  const std::uint64_t word = words.word[column % 4];
  a.drawn_labels.data[column] = static_cast<std::uint8_t>(word * static_cast<std::uint64_t>(a.classes) >> 32);
}

__device__ __forceinline__ std::uint64_t image_of(const BatchInputs<float>& a, int column) {
  const std::uint64_t position = a.clock.data[0].first_image + a.offset + column;
  return a.order == ImageOrder::shuffled
             ? permuted_index(position, static_cast<std::uint64_t>(a.images.rows), a.seed, a.clock.data[0].epoch)
             : position;
}

__device__ __forceinline__ void convert_pixels(const BatchInputs<float>& a, const std::uint8_t* image, int column,
                                               int pixel) {
#pragma unroll
  for (int i = 0; i < kValuesAtATime; ++i) {
    if (pixel + i < a.images.columns) {
      const float unit = static_cast<float>(image[pixel + i]) / 255.f;
      a.output.data[static_cast<std::size_t>(pixel + i) * a.output.columns + column] =
          a.range == ImageRange::zero_to_one ? unit : (unit - 0.5f) / 0.5f;
    }
  }
}

// kThreads: a multiple of kSamples, or 1.
template <int kThreads>
__global__ void __launch_bounds__(kThreads) inputs_kernel(const __grid_constant__ BatchInputs<float> a) {
  begin_overlapping_kernel();
  constexpr int kLanes = kThreads == 1 ? 1 : kSamples, kGroups = kThreads / kLanes;
  const InputBlocks<kThreads> blocks(a);
  constexpr int kFeatures = InputBlocks<kThreads>::kFeatures;
  const int column0 = static_cast<int>(blockIdx.x) * kSamples;
  const bool is_latent = blockIdx.y < blocks.latents_down;
  const int first = static_cast<int>(is_latent ? blockIdx.y : blockIdx.y - blocks.latents_down) * kFeatures;
  const int group = threadIdx.x / kLanes * kValuesAtATime;
  for (int column = column0 + threadIdx.x % kLanes; column < column0 + kSamples; column += kLanes) {
    if (is_latent) {
      if (column >= a.latents.columns) return;
      if (a.drawn_labels && first + group == 0) draw_label(a, column);
      for (int f = group; f < kFeatures && first + f < a.latents.rows; f += kGroups * kValuesAtATime) {
        draw_latents(a, column, first + f);
      }
    } else {
      if (column >= a.real_count) return;
      const std::uint64_t index = image_of(a, column);
      const std::uint8_t* const image = a.images.data + index * a.images.columns;
      if (a.labels && first + group == 0) a.output_labels.data[column] = a.labels.data[index];
      for (int f = group; f < kFeatures && first + f < a.images.columns; f += kGroups * kValuesAtATime) {
        convert_pixels(a, image, column, first + f);
      }
    }
  }
}

template <int kThreads>
void draw(const BatchInputs<float>& a, StreamView stream) {
  const InputBlocks<kThreads> blocks(a);
  launch(stream,
         {.grid = dim3(blocks.across, blocks.latents_down + blocks.images_down),
          .block = kThreads,
          .overlaps_previous = true},
         inputs_kernel<kThreads>, a);
}

}  // namespace

void batch_inputs_warps(const BatchInputs<float>& a, StreamView stream) {
  draw<128>(a, stream);
}
#ifndef __CUDACC__
void batch_inputs_one_thread(const BatchInputs<float>& a, StreamView stream) {
  draw<1>(a, stream);
}
#endif

}  // namespace duel

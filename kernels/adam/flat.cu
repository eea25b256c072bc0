// Adam over one flat array of all parameters of a network: read p, m, v, g, write p, m, v, 28 bytes a parameter; memory
// bandwidth decides. One thread first advances the step counter and computes the two corrections in double.
#include "kernels/adam/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

__global__ void __launch_bounds__(1)
    adam_advance_kernel(AdamProgress* progress, double learning_rate, double beta1, double beta2) {
  const std::int64_t step = progress->step + 1;
  progress->step = step;
  progress->step_size = learning_rate / (1.0 - pow(beta1, static_cast<double>(step)));
  progress->root_of_correction2 = sqrt(1.0 - pow(beta2, static_cast<double>(step)));
}

struct Coefficients {
  float beta1, rest1, beta2, rest2, eps;  // rest = 1 - beta, rounded once
};

__device__ __forceinline__ void update_one(float& p, float& m, float& v, float g, const Coefficients& k,
                                           float step_size, float root) {
  m = k.beta1 * m + k.rest1 * g;
  v = k.beta2 * v + k.rest2 * (g * g);
  p -= step_size * (m / (sqrtf(v) / root + k.eps));
}

__global__ void __launch_bounds__(256)
    adam_four_values_kernel(float* __restrict__ p, float* __restrict__ m, float* __restrict__ v,
                            const float* __restrict__ g, std::size_t count, bool vectorized, Coefficients k,
                            const AdamProgress* __restrict__ progress) {
  const std::size_t first = (static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x) * 4;
  const float step_size = static_cast<float>(progress->step_size);
  const float root = static_cast<float>(progress->root_of_correction2);
  if (vectorized && first + 4 <= count) {
    float4 p4 = *reinterpret_cast<float4*>(p + first), m4 = *reinterpret_cast<float4*>(m + first);
    float4 v4 = *reinterpret_cast<float4*>(v + first);
    const float4 g4 = *reinterpret_cast<const float4*>(g + first);
    update_one(p4.x, m4.x, v4.x, g4.x, k, step_size, root);
    update_one(p4.y, m4.y, v4.y, g4.y, k, step_size, root);
    update_one(p4.z, m4.z, v4.z, g4.z, k, step_size, root);
    update_one(p4.w, m4.w, v4.w, g4.w, k, step_size, root);
    *reinterpret_cast<float4*>(p + first) = p4;
    *reinterpret_cast<float4*>(m + first) = m4;
    *reinterpret_cast<float4*>(v + first) = v4;
    return;
  }
  for (std::size_t i = first; i < count && i < first + 4; ++i) update_one(p[i], m[i], v[i], g[i], k, step_size, root);
}

#ifndef __CUDACC__
// A CPU likes long contiguous runs; a GPU would load with a stride.
__global__ void adam_chunk_kernel(float* __restrict__ p, float* __restrict__ m, float* __restrict__ v,
                                  const float* __restrict__ g, std::size_t count, std::size_t chunk, Coefficients k,
                                  const AdamProgress* __restrict__ progress) {
  const std::size_t begin = (static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x) * chunk;
  const std::size_t end = begin + chunk < count ? begin + chunk : count;
  const float step_size = static_cast<float>(progress->step_size);
  const float root = static_cast<float>(progress->root_of_correction2);
  for (std::size_t i = begin; i < end; ++i) update_one(p[i], m[i], v[i], g[i], k, step_size, root);
}
#endif

void advance(const AdamUpdate<float>& a, StreamView stream) {
  launch(stream, {1, 1}, adam_advance_kernel, a.progress.data, a.learning_rate, a.beta1, a.beta2);
}

Coefficients coefficients(const AdamUpdate<float>& a) {
  return {static_cast<float>(a.beta1), static_cast<float>(1.0 - a.beta1), static_cast<float>(a.beta2),
          static_cast<float>(1.0 - a.beta2), static_cast<float>(a.eps)};
}

bool is_vectorized(const AdamUpdate<float>& a) {
  const auto address = [](const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); };
  return (address(a.parameter.data) | address(a.first_moment.data) | address(a.second_moment.data) |
          address(a.gradient.data)) %
             16 ==
         0;
}

}  // namespace

void adam_four_values_per_thread(const AdamUpdate<float>& a, StreamView stream) {
  constexpr int kThreads = 256;
  advance(a, stream);
  launch(stream, {blocks_for(a.parameter.size(), 4 * kThreads), kThreads}, adam_four_values_kernel, a.parameter.data,
         a.first_moment.data, a.second_moment.data, a.gradient.data, a.parameter.size(), is_vectorized(a),
         coefficients(a), a.progress.data);
}

#ifndef __CUDACC__
void adam_chunk_per_thread(const AdamUpdate<float>& a, StreamView stream) {
  constexpr std::size_t kChunk = 16384;
  advance(a, stream);
  launch(stream, {blocks_for(a.parameter.size(), kChunk), 1}, adam_chunk_kernel, a.parameter.data, a.first_moment.data,
         a.second_moment.data, a.gradient.data, a.parameter.size(), kChunk, coefficients(a), a.progress.data);
}
#endif

}  // namespace duel

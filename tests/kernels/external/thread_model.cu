// A kernel file for test_external_kernels.cpp: what a kernel in a library sees of the CPU device.
#include "kernels/device/shared.cuh"
#include "kernels/external/kernel_file.h"
#include "kernels/ops/flat_update/flat_update.h"

namespace {

__device__ unsigned linear(uint3 index, dim3 extent) {
  return index.x + extent.x * (index.y + extent.y * index.z);
}

// Eight values for every thread of the grid. Blocks have 64 threads.
__global__ void thread_model_kernel(float* values) {
  __shared__ float unwritten[64];
  __shared__ unsigned exchanged[64];
  auto* const dynamic = duel::dynamic_shared<unsigned>();
  const unsigned thread = linear(threadIdx, blockDim), block = linear(blockIdx, gridDim), next = (thread + 1) % 64;
  if (gridDim.x == 0) unwritten[thread] = 1;  // never; without it the compiler knows that there are zeros
  exchanged[thread] = thread;
  dynamic[thread] = 1000 * block + thread;
  __syncthreads();
  float* const mine = values + 8 * static_cast<std::size_t>(64 * block + thread);
  mine[0] = static_cast<float>(exchanged[next]);
  mine[1] = static_cast<float>(dynamic[next]);
  mine[2] = __shfl_xor_sync(0xffffffffu, static_cast<float>(thread), 1);
  mine[3] = static_cast<float>(__syncthreads_count(thread % 3 == 0));
  mine[4] = static_cast<float>(100 * blockDim.x + 10 * blockDim.y + blockDim.z);
  mine[5] = static_cast<float>(100 * gridDim.x + 10 * gridDim.y + gridDim.z);
  mine[6] = static_cast<float>(100 * threadIdx.x + 10 * threadIdx.y + threadIdx.z + 1000 * warpSize);
  mine[7] = unwritten[thread];
}

void thread_model(const duel::FlatUpdate<float, duel::Adam>& a, duel::StreamView stream) {
  const duel::LaunchShape shape{{3, 2, 2}, {8, 4, 2}, 64 * sizeof(unsigned)};
  duel::launch(stream, shape, thread_model_kernel, a.parameter.data);
}

// A barrier that half of the block never reaches.
__global__ void missing_barrier_kernel() {
  if (threadIdx.x < 16) __syncthreads();
}
void missing_barrier(const duel::FlatUpdate<float, duel::Adam>&, duel::StreamView stream) {
  duel::launch(stream, {1, 32}, missing_barrier_kernel);
}

}  // namespace

extern "C" void duel_add_kernels(duel::KernelSelection& kernels) {
  kernels.add(duel::flat_update_op<duel::Adam>(),
              {"thread_model", "for a test", duel::supports_any_device, thread_model});
  kernels.add(duel::flat_update_op<duel::Adam>(),
              {"missing_barrier", "for a test", duel::supports_any_device, missing_barrier});
}

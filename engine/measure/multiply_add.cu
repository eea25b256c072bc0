// Every thread keeps as many chains as hide the latency of one multiply-add: on a GPU together with the other warps, on
// the CPU device alone, with a whole vector for each chain.
#include "engine/measure/multiply_add.h"
#include "kernels/device/register_row.cuh"
#include "kernels/runtime/device.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

#ifdef DUEL_CPU_DEVICE
constexpr int kThreads = 1, kBlocksPerProcessor = 4;
#else
constexpr int kThreads = 256, kBlocksPerProcessor = 16;
#endif
#if defined(__CUDACC__) || defined(DUEL_CHECKED)
constexpr int kValues = 16;
#else
constexpr int kValues = 12 * kHostLanes;
#endif

// The values tend to term / (1 - factor) = 1: never too small nor too large for the hardware's fast path.
__global__ void __launch_bounds__(kThreads)
    multiply_add_kernel(float* __restrict__ sink, int steps, float factor, float term) {
  using Row = RegisterRow<kValues>;
  const Row factors = Row::filled(factor), terms = Row::filled(term);
  float start[kValues];  // different ones, lest a compiler computes one chain for all
#pragma unroll
  for (int i = 0; i < kValues; ++i) start[i] = static_cast<float>(threadIdx.x + i);
  Row x = Row::load(start);
  for (int step = 0; step < steps; ++step) x = x * factors + terms;
  float sum = 0;
#pragma unroll
  for (int i = 0; i < kValues; ++i) sum += x.get(i);
  sink[blockIdx.x * kThreads + threadIdx.x] = sum;
}

unsigned blocks() {
  return static_cast<unsigned>(kBlocksPerProcessor * Device::current().multiprocessors);
}

}  // namespace

std::size_t multiply_add_threads() {
  return std::size_t{blocks()} * kThreads;
}

double enqueue_multiply_adds(const Vector<float>& sink, int steps, StreamView stream) {
  launch(stream, {blocks(), kThreads}, multiply_add_kernel, sink.data, steps, 0.5f, 0.5f);
  return 2.0 * kValues * steps * static_cast<double>(multiply_add_threads());
}

}  // namespace duel

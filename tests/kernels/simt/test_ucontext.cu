// The portable fiber switch: this program's CPU device is built with -DDUEL_SIMT_UCONTEXT.
#include <numeric>
#include <stdexcept>

#include "kernels/simt/fiber.h"
#include "tests/kernels/simt/simt_test.h"

#ifndef SIMT_USE_UCONTEXT
#error "this test is about the portable switch"
#endif

using duel::DeviceBuffer;
using duel::launch;
using duel::Stream;
using simt_test::all_schedules;
using simt_test::contains;
using simt_test::report_of;
using simt_test::Scope;

namespace ucontext_test {

constexpr int kThreads = 200, kRounds = 8;

// Every round: sums of warps by shuffles, their sum through shared memory, a rotation of the values.
__global__ void rounds_kernel(int* out) {
  __shared__ int values[kThreads], sums[(kThreads + 31) / 32];
  const int t = static_cast<int>(threadIdx.x), lane = t % 32;
  values[t] = t + static_cast<int>(blockIdx.x);
  int total = 0;
  for (int round = 0; round < kRounds; ++round) {
    __syncthreads();
    const int mine = values[(t + 7) % kThreads];
    int sum = mine;
    for (int offset = 16; offset > 0; offset /= 2) {
      const int other = __shfl_down_sync(0xffffffffu, sum, offset);
      if (lane + offset < 32 && t + offset < kThreads) sum += other;
    }
    if (lane == 0) sums[t / 32] = sum;
    __syncthreads();
    values[t] = mine + round;
    for (const int part : sums) total += part;
  }
  out[blockIdx.x * kThreads + threadIdx.x] = total + 1000000 * __syncthreads_count(t % 2);
}

__global__ void divergent_kernel(int* out) {
  if (threadIdx.x < 100) __syncthreads();
  out[threadIdx.x] = 1;
}

__global__ void throwing_kernel(int* out) {
  __syncthreads();
  if (threadIdx.x == 50) throw std::runtime_error("thrown on a fiber");
  out[threadIdx.x] = 1;
}

}  // namespace ucontext_test

using namespace ucontext_test;

namespace {

std::vector<int> expected_rounds(int blocks) {
  std::vector<int> expected;
  for (int block = 0; block < blocks; ++block) {
    int sum = kThreads * (kThreads - 1) / 2 + kThreads * block, total = 0;
    for (int round = 0; round < kRounds; ++round) {
      total += sum;
      sum += kThreads * round;
    }
    expected.insert(expected.end(), kThreads, total + 1000000 * (kThreads / 2));
  }
  return expected;
}

}  // namespace

TEST_CASE("barriers and shuffles on the portable switch") {
  constexpr int kBlocks = 6;
  for (const int threads : {1, 3}) {
    for (const auto& options : all_schedules(threads, 3)) {
      const Scope scope(options);
      Stream stream;
      DeviceBuffer<int> out(kBlocks * kThreads);
      launch(stream, {kBlocks, kThreads}, rounds_kernel, out.data());
      REQUIRE(out.download(stream) == expected_rounds(kBlocks));
    }
  }
}

TEST_CASE("faults on the portable switch") {
  for (const auto& options : all_schedules(2, 3)) {
    const Scope scope(options);
    const auto run = [](void (*kernel)(int*)) {
      return report_of([&](duel::StreamView stream) {
        DeviceBuffer<int> out(kThreads);
        launch(stream, {1, kThreads}, kernel, out.data());
        stream.synchronize();
      });
    };
    CHECK(contains(run(divergent_kernel), "divergent_kernel"));
    CHECK(contains(run(throwing_kernel), "thrown on a fiber"));
    Stream stream;
    DeviceBuffer<int> out(kThreads);
    launch(stream, {1, kThreads}, rounds_kernel, out.data());
    CHECK(out.download(stream) == expected_rounds(1));
  }
}

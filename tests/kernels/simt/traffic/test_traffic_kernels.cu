// Kernels whose traffic textbooks give, counted in a checked build under every schedule.
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/device/block_sum.cuh"
#include "kernels/device/register_row.cuh"
#include "tests/kernels/simt/simt_test.h"

#ifndef DUEL_CHECKED

TEST_CASE("a build without instrumentation says how to get counts") {
  try {
    simt::start_counting();
    FAIL("expected a refusal");
  } catch (const std::logic_error& error) {
    CHECK(simt_test::contains(error.what(), "cpu-race"));
  }
  CHECK_THROWS_AS(simt::stop_counting(), std::logic_error);
}

#else

namespace {

using duel::DeviceBuffer;
using simt::GlobalTraffic;
using simt::KernelTraffic;
using simt::SharedTraffic;

bool same(const KernelTraffic& a, const KernelTraffic& b) {
  return a.global_reads == b.global_reads && a.global_writes == b.global_writes &&
         a.global_atomics == b.global_atomics && a.shared_reads == b.shared_reads &&
         a.shared_writes == b.shared_writes && a.shared_atomics == b.shared_atomics && a.barriers == b.barriers &&
         a.warp_collectives == b.warp_collectives && a.active_lanes == b.active_lanes && a.lane_slots == b.lane_slots &&
         a.partial_requests == b.partial_requests;
}

// Counts one kernel that work(stream) launches, under every schedule; the counts must agree.
template <class Work>
KernelTraffic count(Work work) {
  std::vector<KernelTraffic> counts;
  for (const simt::Options& options : simt_test::all_schedules(1, 3)) {
    const simt_test::Scope scope(options);
    duel::Stream stream;
    simt::start_counting();
    work(stream.view());
    stream.synchronize();  // throws what went wrong
    const auto kernels = simt::stop_counting();
    REQUIRE(kernels.size() == 1);
    counts.push_back(kernels[0]);
    INFO(simt_test::text_of(options));
    CHECK(same(counts.back(), counts.front()));
  }
  return counts.front();
}

// Device memory that kernels may read.
template <class T = float>
DeviceBuffer<T> zeros(std::size_t count) {
  duel::Stream stream;
  return DeviceBuffer<T>(std::vector<T>(count), stream);
}

constexpr std::uint64_t kLanes = 32;

GlobalTraffic floats(std::uint64_t requests, std::uint64_t sectors_each) {
  return {requests, requests * kLanes, requests * kLanes * 4, requests * sectors_each, requests * 4};
}
SharedTraffic shared_floats(std::uint64_t requests, std::uint64_t wavefronts_each) {
  return {requests, requests * kLanes, requests * kLanes * 4, requests * wavefronts_each, requests};
}

// ---- global memory ----

__global__ void strided_kernel(const float* __restrict__ from, float* __restrict__ to, int stride, int offset) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  to[i] = from[i * stride + offset];
}

__global__ void float4_kernel(const float* __restrict__ from, float* __restrict__ to) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  reinterpret_cast<float4*>(to)[i] = reinterpret_cast<const float4*>(from)[i];
}

// Four neighbouring floats for each thread, one at a time.
__global__ void four_floats_kernel(const float* __restrict__ from, float* __restrict__ to) {
  const int i = 4 * threadIdx.x;
  duel::RegisterRow<4>::load(from + i).store(to + i);
}

__global__ void broadcast_kernel(const float* __restrict__ from, float* __restrict__ to) {
  __shared__ float value;
  if (threadIdx.x == 0) value = 2.f;
  __syncthreads();
  to[blockIdx.x * blockDim.x + threadIdx.x] = *from + value;
}

__global__ void half_warps_kernel(float* to) {
  if (threadIdx.x % 32 < 16) to[threadIdx.x] = 1.f;
}

__global__ void add_up_kernel(unsigned* total) {
  atomicAdd(total, threadIdx.x);
}

__global__ void add_in_place_kernel(float* values) {
  values[threadIdx.x] += 1.f;
}

__global__ void warp_sum_kernel(float* to) {
  const float sum = duel::warp_sum(static_cast<float>(threadIdx.x));
  if (threadIdx.x % 32 == 0) to[threadIdx.x / 32] = sum;
}

// ---- transposing a 64 x 64 matrix by tiles of 32 x 32, one thread per value ----

constexpr int kTile = 32, kSize = 64;

__global__ void transpose_naive_kernel(const float* __restrict__ from, float* __restrict__ to) {
  const int column = blockIdx.x * kTile + threadIdx.x, row = blockIdx.y * kTile + threadIdx.y;
  to[column * kSize + row] = from[row * kSize + column];
}

template <int kPadding>
__global__ void transpose_tile_kernel(const float* __restrict__ from, float* __restrict__ to) {
  __shared__ float tile[kTile][kTile + kPadding];
  const int column0 = blockIdx.x * kTile, row0 = blockIdx.y * kTile;
  tile[threadIdx.y][threadIdx.x] = from[(row0 + threadIdx.y) * kSize + column0 + threadIdx.x];
  __syncthreads();
  to[(column0 + threadIdx.y) * kSize + row0 + threadIdx.x] = tile[threadIdx.x][threadIdx.y];
}

// ---- the sum of 256 values in shared memory ----

constexpr int kSummands = 256;

__global__ void interleaved_sum_kernel(const float* __restrict__ from, float* __restrict__ to) {
  __shared__ float x[kSummands];
  const int t = threadIdx.x;
  x[t] = from[t];
  __syncthreads();
  for (int s = 1; s < kSummands; s *= 2) {
    if (2 * s * t < kSummands) x[2 * s * t] += x[2 * s * t + s];
    __syncthreads();
  }
  if (t == 0) *to = x[0];
}

__global__ void sequential_sum_kernel(const float* __restrict__ from, float* __restrict__ to) {
  __shared__ float x[kSummands];
  const int t = threadIdx.x;
  x[t] = from[t];
  __syncthreads();
  for (int s = kSummands / 2; s > 0; s /= 2) {
    if (t < s) x[t] += x[t + s];
    __syncthreads();
  }
  if (t == 0) *to = x[0];
}

}  // namespace

TEST_CASE("counted: reads with a stride") {
  constexpr std::uint64_t kRequests = 16;  // 2 blocks of 8 warps
  DeviceBuffer<float> from = zeros(512 * 32 + 1), to = zeros(512);
  const auto reads = [&](int stride, int offset) {
    return count([&](duel::StreamView stream) {
             duel::launch(stream, {2, 256}, strided_kernel, from.data(), to.data(), stride, offset);
           })
        .global_reads;
  };
  CHECK(reads(1, 0) == floats(kRequests, 4));
  CHECK(reads(2, 0) == floats(kRequests, 8));
  CHECK(reads(4, 0) == floats(kRequests, 16));
  CHECK(reads(8, 0) == floats(kRequests, 32));
  CHECK(reads(32, 0) == floats(kRequests, 32));
  CHECK(reads(1, 1) == floats(kRequests, 5));
}

TEST_CASE("counted: a copy of float4") {
  DeviceBuffer<float> from = zeros(1024), to = zeros(1024);
  const auto traffic = count([&](duel::StreamView stream) {
    duel::launch(stream, {2, 128}, float4_kernel, from.data(), to.data());
  });
  CHECK(traffic.global_reads == GlobalTraffic{8, 256, 4096, 128, 128});
  CHECK(traffic.global_writes == traffic.global_reads);
  CHECK(traffic.launches == 1);
  CHECK(traffic.blocks == 2);
  CHECK(simt_test::contains(traffic.name, "float4_kernel"));
}

TEST_CASE("counted: four floats of a thread, one at a time, touch four times the sectors") {
  DeviceBuffer<float> from = zeros(128), to = zeros(128);
  const auto traffic = count([&](duel::StreamView stream) {
    duel::launch(stream, {1, 32}, four_floats_kernel, from.data(), to.data());
  });
  CHECK(traffic.global_reads == floats(4, 16));
  CHECK(traffic.global_writes == floats(4, 16));
}

TEST_CASE("counted: one value for all lanes") {
  DeviceBuffer<float> from = zeros(1), to = zeros(64);
  const auto traffic = count([&](duel::StreamView stream) {
    duel::launch(stream, {1, 64}, broadcast_kernel, from.data(), to.data());
  });
  CHECK(traffic.global_reads == GlobalTraffic{2, 64, 256, 2, 2});
  CHECK(traffic.shared_reads == SharedTraffic{2, 64, 256, 2, 2});
  CHECK(traffic.shared_writes == SharedTraffic{1, 1, 4, 1, 1});
  CHECK(traffic.barriers == 1);
}

TEST_CASE("counted: half of every warp is idle") {
  DeviceBuffer<float> to = zeros(128);
  const auto traffic = count([&](duel::StreamView stream) {
    duel::launch(stream, {1, 128}, half_warps_kernel, to.data());
  });
  CHECK(traffic.global_writes == GlobalTraffic{4, 64, 256, 8, 8});
  CHECK(traffic.active_lanes * 2 == traffic.lane_slots);
  CHECK(traffic.partial_requests == 4);
}

TEST_CASE("counted: atomics, values changed in place, warp primitives") {
  DeviceBuffer<unsigned> total = zeros<unsigned>(1);
  DeviceBuffer<float> values = zeros(64);
  const auto atomics = count([&](duel::StreamView stream) {
    duel::launch(stream, {2, 64}, add_up_kernel, total.data());
  });
  CHECK(atomics.global_atomics == GlobalTraffic{4, 128, 512, 4, 4});
  CHECK(atomics.global_reads.requests == 0);

  const auto in_place = count([&](duel::StreamView stream) {
    duel::launch(stream, {1, 64}, add_in_place_kernel, values.data());
  });
  CHECK(in_place.global_reads == floats(2, 4));
  CHECK(in_place.global_writes == floats(2, 4));

  const auto sums = count([&](duel::StreamView stream) {
    duel::launch(stream, {1, 64}, warp_sum_kernel, values.data());
  });
  CHECK(sums.warp_collectives == 2 * 5);
  CHECK(sums.global_writes == GlobalTraffic{2, 2, 8, 2, 2});
}

TEST_CASE("counted: transposing with and without shared memory, with and without padding") {
  constexpr std::uint64_t kRequests = kSize * kSize / 32;
  DeviceBuffer<float> from = zeros(kSize * kSize), to = zeros(kSize * kSize);
  const auto transpose = [&](auto kernel) {
    return count([&](duel::StreamView stream) {
      duel::launch(stream, {dim3(kSize / kTile, kSize / kTile), dim3(kTile, kTile)}, kernel, from.data(), to.data());
    });
  };
  const auto naive = transpose(transpose_naive_kernel);
  CHECK(naive.global_reads == floats(kRequests, 4));
  CHECK(naive.global_writes == floats(kRequests, 32));

  const auto conflicting = transpose(transpose_tile_kernel<0>);
  CHECK(conflicting.global_reads == floats(kRequests, 4));
  CHECK(conflicting.global_writes == floats(kRequests, 4));
  CHECK(conflicting.shared_writes == shared_floats(kRequests, 1));
  CHECK(conflicting.shared_reads == shared_floats(kRequests, 32));
  CHECK(conflicting.shared_reads.excess_wavefronts() == kRequests * 31);

  const auto padded = transpose(transpose_tile_kernel<1>);
  CHECK(padded.global_writes == floats(kRequests, 4));
  CHECK(padded.shared_writes == shared_floats(kRequests, 1));
  CHECK(padded.shared_reads == shared_floats(kRequests, 1));
  CHECK(padded.barriers == 4);
}

TEST_CASE("counted: a sum with interleaved addresses meets in banks, one with sequential addresses does not") {
  DeviceBuffer<float> from = zeros(kSummands), to = zeros(1);
  const auto sum = [&](auto kernel) {
    return count([&](duel::StreamView stream) {
      duel::launch(stream, {1, kSummands}, kernel, from.data(), to.data());
    });
  };
  // Eight steps with 4, 2, 1, 1, ... warps at work. Interleaved, their lanes meet 2, 4, 8, 8, 8, 4, 2 and 1 in a bank.
  constexpr std::uint64_t kWarps = 4 + 2 + 1 + 1 + 1 + 1 + 1 + 1;
  constexpr std::uint64_t kConflicting = 4 * 2 + 2 * 4 + 8 + 8 + 8 + 4 + 2 + 1;
  constexpr std::uint64_t kLoads = kSummands / 32;

  const auto interleaved = sum(interleaved_sum_kernel);
  CHECK(interleaved.shared_reads.requests == 2 * kWarps + 1);
  CHECK(interleaved.shared_reads.wavefronts == 2 * kConflicting + 1);
  CHECK(interleaved.shared_reads.excess_wavefronts() == 2 * (kConflicting - kWarps));
  CHECK(interleaved.shared_writes.requests == kWarps + kLoads);
  CHECK(interleaved.shared_writes.wavefronts == kConflicting + kLoads);
  CHECK(interleaved.barriers == 9);

  const auto sequential = sum(sequential_sum_kernel);
  CHECK(sequential.shared_reads.requests == 2 * kWarps + 1);
  CHECK(sequential.shared_reads.excess_wavefronts() == 0);
  CHECK(sequential.shared_writes.wavefronts == kWarps + kLoads);
  CHECK(sequential.barriers == 9);
}

#endif

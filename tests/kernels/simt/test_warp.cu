// Warp primitives: shuffles of every width, votes, partial masks, partial and divergent warps.
#include <array>
#include <cmath>
#include <numeric>

#include "tests/kernels/simt/simt_test.h"

using duel::DeviceBuffer;
using duel::launch;
using duel::Stream;
using simt_test::all_schedules;
using simt_test::Scope;

namespace warp {

constexpr unsigned kAll = 0xffffffffu;
enum Kind : int { kIndex, kUp, kDown, kXor };

// out[argument * threads + thread], for arguments 0 to 31.
template <class T>
__global__ void shuffle_kernel(T* out, int kind, int width) {
  const T mine = static_cast<T>(threadIdx.x + 1);
  for (int argument = 0; argument < 32; ++argument) {
    T& result = out[argument * static_cast<int>(blockDim.x) + static_cast<int>(threadIdx.x)];
    if (kind == kIndex) result = __shfl_sync(kAll, mine, argument, width);
    if (kind == kUp) result = __shfl_up_sync(kAll, mine, static_cast<unsigned>(argument), width);
    if (kind == kDown) result = __shfl_down_sync(kAll, mine, static_cast<unsigned>(argument), width);
    if (kind == kXor) result = __shfl_xor_sync(kAll, mine, argument, width);
  }
}

// The lane that a shuffle reads, by the PTX manual's description of shfl.sync.
int source_lane(int kind, int lane, int argument, int width) {
  const int first = lane / width * width, last = first + width - 1;
  int source = 0;
  switch (kind) {
    case kIndex:
      return first + argument % width;
    case kUp:
      source = lane - argument;
      return source >= first ? source : lane;
    case kDown:
      source = lane + argument;
      return source <= last ? source : lane;
    default:
      source = lane ^ argument;
      return source <= last ? source : lane;
  }
}

__global__ void halves_kernel(int* out) {  // each half of the warp takes another branch, under its own mask
  const int lane = static_cast<int>(threadIdx.x % 32);
  int value = static_cast<int>(threadIdx.x);
  if (lane < 16) {
    for (int offset = 8; offset > 0; offset /= 2) value += __shfl_xor_sync(0x0000ffffu, value, offset);
  } else {
    value = __shfl_sync(0xffff0000u, value, 31);
  }
  out[threadIdx.x] = value;
}

__global__ void groups_kernel(int* out) {  // groups of eight lanes that synchronise a different number of times
  const int lane = static_cast<int>(threadIdx.x % 32), group = lane / 8;
  const unsigned mask = 0xffu << (8 * group);
  int value = lane % 8;
  for (int round = 0; round <= group; ++round) value = __shfl_sync(mask, value, (lane + 1) % 8, 8);
  out[threadIdx.x] = value;
}

__global__ void odd_lanes_kernel(int* out) {
  int value = -1;
  if (threadIdx.x % 2 == 1) value = __shfl_xor_sync(0xaaaaaaaau, static_cast<int>(threadIdx.x), 2);
  out[threadIdx.x] = value;
}

__global__ void early_return_kernel(float* out) {  // lanes that have left the kernel need not come
  if (threadIdx.x % 32 >= 24) return;
  float value = static_cast<float>(threadIdx.x % 32);
  value = __shfl_xor_sync(kAll, value, 4);
  out[threadIdx.x] = value;
}

__global__ void votes_kernel(unsigned* ballot, int* any, int* all, int limit) {
  const int lane = static_cast<int>(threadIdx.x % 32);
  const unsigned i = threadIdx.x;
  ballot[i] = __ballot_sync(kAll, lane < limit);
  any[i] = __any_sync(kAll, lane < limit);
  all[i] = __all_sync(kAll, lane < limit);
}

__global__ void masked_votes_kernel(unsigned* ballot, int* any, int* all) {
  const unsigned i = threadIdx.x, lane = i % 32;
  const unsigned mask = lane < 12 ? 0xfffu : kAll << 12;
  if (lane < 12) {
    ballot[i] = __ballot_sync(mask, lane % 3 == 0 ? 7 : 0);
    any[i] = __any_sync(mask, 0);
    all[i] = __all_sync(mask, 2);
  } else {
    ballot[i] = __ballot_sync(mask, lane >= 20);
    any[i] = __any_sync(mask, lane == 31);
    all[i] = __all_sync(mask, lane != 31);
  }
}

// Lanes hand values on through shared memory; only the lanes of one mask wait for each other.
__global__ void exchange_kernel(int* out) {
  __shared__ int box[64];
  const int t = static_cast<int>(threadIdx.x), lane = t % 32, warp = t / 32 * 32;
  if (lane < 10) {
    box[t] = t;
    __syncwarp(0x3ffu);
    out[t] = box[warp + 9 - lane];
  } else {
    box[t] = 100 + t;
    __syncwarp(~0x3ffu);
    out[t] = box[warp + 41 - lane];
  }
  __syncwarp();
  box[t] = out[t];
  __syncwarp();
  out[t] = box[warp + (lane + 1) % 32];
}

}  // namespace warp

using namespace warp;

TEMPLATE_TEST_CASE("shuffles read the lane that CUDA says", "", float, double, int, unsigned long long, short) {
  const int width = GENERATE(32, 16, 8, 4, 2, 1), kind = GENERATE(kIndex, kUp, kDown, kXor);
  for (const auto& options : all_schedules(1, 2)) {
    INFO(simt_test::text_of(options) << ", kind " << kind << ", width " << width);
    const Scope scope(options);
    Stream stream;
    constexpr int kThreads = 96;
    DeviceBuffer<TestType> out(32 * kThreads);
    launch(stream, {1, kThreads}, shuffle_kernel<TestType>, out.data(), kind, width);
    const auto found = out.download(stream);
    bool right = true;
    for (int i = 0; i < 32 * kThreads; ++i) {
      const int lane = i % 32, warp = i % kThreads / 32 * 32;
      right = right && found[i] == static_cast<TestType>(warp + source_lane(kind, lane, i / kThreads, width) + 1);
    }
    REQUIRE(right);
  }
}

TEST_CASE("in a partial warp a lane that does not exist has no value") {
  const int threads = GENERATE(1, 7, 31, 40), kind = GENERATE(kIndex, kUp, kDown, kXor);
  for (const auto& options : all_schedules(1, 2)) {
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<float> out(32 * threads);
    launch(stream, {1, static_cast<unsigned>(threads)}, shuffle_kernel<float>, out.data(), kind, 32);
    const auto found = out.download(stream);
    bool right = true;
    for (int i = 0; i < 32 * threads; ++i) {
      const int t = i % threads, source = t / 32 * 32 + source_lane(kind, t % 32, i / threads, 32);
      right = right && (source < threads ? found[i] == static_cast<float>(source + 1) : std::isnan(found[i]));
    }
    REQUIRE(right);
  }
}

TEST_CASE("divergent parts of a warp synchronise under their own masks") {
  for (const auto& options : all_schedules()) {
    INFO(simt_test::text_of(options));
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<int> halves(64), groups(64), odd(32);
    launch(stream, {1, 64}, halves_kernel, halves.data());
    launch(stream, {1, 64}, groups_kernel, groups.data());
    launch(stream, {1, 32}, odd_lanes_kernel, odd.data());
    const auto halves_found = halves.download(stream), groups_found = groups.download(stream);
    for (int t = 0; t < 64; ++t) {
      const int warp = t / 32 * 32, lane = t % 32;
      CHECK(halves_found[t] == (lane < 16 ? 120 + 16 * warp : warp + 31));
      CHECK(groups_found[t] == (lane % 8 + lane / 8 + 1) % 8);
    }
    const auto odd_found = odd.download(stream);
    for (int t = 0; t < 32; ++t) CHECK(odd_found[t] == (t % 2 == 1 ? (t ^ 2) : -1));
  }
}

TEST_CASE("lanes that have returned from the kernel take no part") {
  for (const auto& options : all_schedules()) {
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<float> out(64);
    launch(stream, {1, 64}, early_return_kernel, out.data());
    const auto found = out.download(stream);
    for (int t = 0; t < 64; ++t) {
      if (t % 32 < 24) CHECK(found[t] == static_cast<float>((t % 32) ^ 4));
      if (t % 32 >= 24) CHECK(std::isnan(found[t]));
    }
  }
}

TEST_CASE("votes of full and partial warps") {
  const int limit = GENERATE(0, 1, 8, 31, 32);
  constexpr int kThreads = 40;  // the second warp has eight lanes
  for (const auto& options : all_schedules(1, 2)) {
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<unsigned> ballot(kThreads);
    DeviceBuffer<int> any(kThreads), all(kThreads);
    launch(stream, {1, kThreads}, votes_kernel, ballot.data(), any.data(), all.data(), limit);
    const auto ballots = ballot.download(stream);
    const auto anys = any.download(stream), alls = all.download(stream);
    for (int t = 0; t < kThreads; ++t) {
      const int lanes = t < 32 ? 32 : 8, below = std::min(limit, lanes);
      CHECK(ballots[t] == (below == 32 ? kAll : (1u << below) - 1));
      CHECK(anys[t] == (below > 0));
      CHECK(alls[t] == (below == lanes));
    }
  }
}

TEST_CASE("votes count only the lanes of their mask") {
  for (const auto& options : all_schedules()) {
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<unsigned> ballot(32);
    DeviceBuffer<int> any(32), all(32);
    launch(stream, {1, 32}, masked_votes_kernel, ballot.data(), any.data(), all.data());
    const auto ballots = ballot.download(stream);
    const auto anys = any.download(stream), alls = all.download(stream);
    for (int lane = 0; lane < 32; ++lane) {
      CHECK(ballots[lane] == (lane < 12 ? 0x249u : 0xfff00000u));
      CHECK((anys[lane] != 0) == (lane >= 12));
      CHECK((alls[lane] != 0) == (lane < 12));
    }
  }
}

TEST_CASE("__syncwarp orders the lanes of its mask") {
  for (const auto& options : all_schedules()) {
    INFO(simt_test::text_of(options));
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<int> out(64);
    launch(stream, {1, 64}, exchange_kernel, out.data());
    const auto found = out.download(stream);
    for (int t = 0; t < 64; ++t) {
      const int warp = t / 32 * 32, lane = (t + 1) % 32;
      CHECK(found[t] == (lane < 10 ? warp + 9 - lane : 100 + warp + 41 - lane));
    }
  }
}

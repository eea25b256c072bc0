// Planted bugs whose results are wrong under some schedule: missing barriers, racing blocks. `correct` adds what the
// broken form lacks. Shared memory is poisoned, so that a value of the block before never looks right by luck.
#include <cmath>
#include <numeric>

#include "tests/kernels/simt/planted.h"

using duel::DeviceBuffer;
using duel::launch;
using duel::Stream;
using simt_test::wrong_under;

namespace planted_races {

constexpr int kThreads = 128;

__global__ void reads_lower_neighbour_kernel(float* out, bool correct) {
  __shared__ float tile[kThreads];
  const int t = static_cast<int>(threadIdx.x);
  tile[t] = static_cast<float>(t);
  if (correct) __syncthreads();
  out[t] = tile[t > 0 ? t - 1 : t];
}

__global__ void reads_higher_neighbour_kernel(float* out, bool correct) {
  __shared__ float tile[kThreads];
  const int t = static_cast<int>(threadIdx.x);
  tile[t] = static_cast<float>(t);
  if (correct) __syncthreads();
  out[t] = tile[t < kThreads - 1 ? t + 1 : t];
}

__global__ void broadcast_kernel(float* out, bool correct) {
  __shared__ float first;
  if (threadIdx.x == 0) first = 42;
  if (correct) __syncthreads();
  out[threadIdx.x] = first;
}

// A tiled product of row and column vectors: out[t] = sum over k of a[k] * b[k].
__global__ void tiled_product_kernel(float* out, const float* a, const float* b, int n, bool after_load,
                                     bool after_use) {
  __shared__ float a_tile[kThreads], b_tile[kThreads];
  float sum = 0;
  for (int k = 0; k < n; k += kThreads) {
    a_tile[threadIdx.x] = a[k + static_cast<int>(threadIdx.x)];
    b_tile[threadIdx.x] = b[k + static_cast<int>(threadIdx.x)];
    if (after_load) __syncthreads();
    for (int i = 0; i < kThreads; ++i) sum += a_tile[i] * b_tile[i];
    if (after_use) __syncthreads();
  }
  out[threadIdx.x] = sum;
}

__global__ void tree_sum_kernel(float* out, bool correct) {
  __shared__ float partial[kThreads];
  const int t = static_cast<int>(threadIdx.x);
  partial[t] = 1;
  __syncthreads();
  for (int offset = kThreads / 2; offset > 0; offset /= 2) {
    if (t < offset) partial[t] += partial[t + offset];
    if (correct) __syncthreads();
  }
  out[t] = partial[0];
}

// The shuffle synchronises lanes of one warp. The value of the next warp needs a block barrier.
__global__ void shuffle_is_no_barrier_kernel(float* out, int shift, bool correct) {
  __shared__ float tile[kThreads];
  const int t = static_cast<int>(threadIdx.x);
  float value = static_cast<float>(t);
  value = __shfl_xor_sync(0xffffffffu, value, 1);
  tile[t] = value;
  value = __shfl_xor_sync(0xffffffffu, value, 1);
  if (correct) __syncthreads();
  out[t] = tile[(t + shift + kThreads) % kThreads];
}

__global__ void mirror_in_warp_kernel(float* out, bool correct) {
  __shared__ float tile[32];
  tile[threadIdx.x] = static_cast<float>(threadIdx.x);
  if (correct) __syncwarp();
  out[threadIdx.x] = tile[31 - threadIdx.x];
}

__global__ void plain_accumulator_kernel(float* sum) {
  if (threadIdx.x == 0) *sum += 1.0f / static_cast<float>(blockIdx.x + 1);
}

__global__ void last_block_wins_kernel(float* cell) {
  if (threadIdx.x == 0) *cell = static_cast<float>(blockIdx.x);
}

// Correct twin of the accumulator: partial results in places of their own, summed in a fixed order.
__global__ void partials_kernel(float* partial) {
  if (threadIdx.x == 0) partial[blockIdx.x] = 1.0f / static_cast<float>(blockIdx.x + 1);
}
__global__ void sum_in_order_kernel(float* sum, const float* partial, int count) {
  for (int i = 0; i < count; ++i) *sum += partial[i];
}

}  // namespace planted_races

using namespace planted_races;

namespace {

// Whether kernel(out, arguments...) in one block gives value(t) for every thread.
template <class Value, class... Parameters, class... Arguments>
bool gives(Value value, unsigned threads, void (*kernel)(float*, Parameters...), Arguments... arguments) {
  Stream stream;
  DeviceBuffer<float> out(threads);
  launch(stream, {1, threads}, kernel, out.data(), arguments...);
  const auto found = out.download(stream);
  for (int t = 0; t < static_cast<int>(threads); ++t) {
    if (!(found[t] == static_cast<float>(value(t)))) return false;  // also for NaN
  }
  return true;
}

}  // namespace

TEST_CASE("planted: no barrier before reading the lower neighbour") {
  const auto value = [](int t) { return t > 0 ? t - 1 : 0; };
  CHECK(wrong_under([&] { return gives(value, kThreads, reads_lower_neighbour_kernel, true); }) == "");
  CHECK(wrong_under([&] { return gives(value, kThreads, reads_lower_neighbour_kernel, false); }) == "reverse random");
}

TEST_CASE("planted: no barrier before reading the higher neighbour") {
  const auto value = [](int t) { return t < kThreads - 1 ? t + 1 : t; };
  CHECK(wrong_under([&] { return gives(value, kThreads, reads_higher_neighbour_kernel, true); }) == "");
  CHECK(wrong_under([&] { return gives(value, kThreads, reads_higher_neighbour_kernel, false); }) == "forward random");
}

TEST_CASE("planted: no barrier between one thread's value and its readers") {
  const auto value = [](int) { return 42; };
  CHECK(wrong_under([&] { return gives(value, kThreads, broadcast_kernel, true); }) == "");
  CHECK(wrong_under([&] { return gives(value, kThreads, broadcast_kernel, false); }) == "reverse random");
}

TEST_CASE("planted: the two barriers of a tiled product") {
  constexpr int kLength = 4 * kThreads;
  std::vector<float> ones(kLength, 1), count(kLength);
  std::iota(count.begin(), count.end(), 0.0f);
  const auto run = [&](bool after_load, bool after_use) {
    Stream stream;
    const DeviceBuffer<float> a(ones, stream), b(count, stream);
    return gives([](int) { return kLength * (kLength - 1) / 2; }, kThreads, tiled_product_kernel,
                 static_cast<const float*>(a.data()), static_cast<const float*>(b.data()), kLength, after_load,
                 after_use);
  };
  CHECK(wrong_under([&] { return run(true, true); }) == "");
  CHECK(wrong_under([&] { return run(false, true); }) == "forward reverse random");
  CHECK(wrong_under([&] { return run(true, false); }) == "forward reverse random");
}

TEST_CASE("planted: no barrier between the steps of a tree sum") {
  const auto value = [](int) { return kThreads; };
  CHECK(wrong_under([&] { return gives(value, kThreads, tree_sum_kernel, true); }) == "");
  CHECK(wrong_under([&] { return gives(value, kThreads, tree_sum_kernel, false); }) == "forward reverse random");
}

TEST_CASE("planted: a shuffle is no block barrier") {
  const auto shifted = [](int shift) { return [shift](int t) { return ((t + shift + kThreads) % kThreads) ^ 1; }; };
  for (const int shift : {32, -32}) {
    INFO("shift " << shift);
    const auto run = [&](bool correct) {
      return gives(shifted(shift), kThreads, shuffle_is_no_barrier_kernel, shift, correct);
    };
    CHECK(wrong_under([&] { return run(true); }) == "");
    CHECK(wrong_under([&] { return run(false); }) == "forward reverse random");
  }
}

TEST_CASE("planted: no __syncwarp between lanes of a warp") {
  const auto value = [](int t) { return 31 - t; };
  CHECK(wrong_under([&] { return gives(value, 32, mirror_in_warp_kernel, true); }) == "");
  CHECK(wrong_under([&] { return gives(value, 32, mirror_in_warp_kernel, false); }) == "forward reverse random");
}

TEST_CASE("planted: blocks race on one accumulator") {
  constexpr unsigned kBlocks = 2000;
  Stream stream;
  const auto total = [&](auto&& work) {
    DeviceBuffer<float> sum(std::vector<float>{0}, stream);
    work(sum.data());
    return sum.download(stream)[0];
  };
  const auto racing = [&](float* sum) { launch(stream, {kBlocks, 32}, plain_accumulator_kernel, sum); };
  const auto writing = [&](float* cell) { launch(stream, {kBlocks, 32}, last_block_wins_kernel, cell); };
  const auto in_order = [&](float* sum) {
    DeviceBuffer<float> partial(kBlocks);
    launch(stream, {kBlocks, 32}, partials_kernel, partial.data());
    launch(stream, {1, 1}, sum_in_order_kernel, sum, partial.data(), static_cast<int>(kBlocks));
    stream.synchronize();
  };
  const float expected_sum = total(in_order);
  float racing_sum = 0;
  {
    const simt_test::Scope scope(simt_test::options_of(simt::Schedule::forward));
    racing_sum = total(racing);
  }
  CHECK(wrong_under([&] { return total(in_order) == expected_sum; }, 3) == "");
  CHECK(wrong_under([&] { return total(racing) == racing_sum; }) == "reverse random");
  CHECK(wrong_under([&] { return total(writing) == kBlocks - 1; }) == "reverse random");
}

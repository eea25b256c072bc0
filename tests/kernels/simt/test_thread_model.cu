// Indices, block barriers, shared memory: what a correct kernel may rely on, under every schedule.
#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>

#include "tests/kernels/simt/simt_test.h"

using duel::DeviceBuffer;
using duel::launch;
using duel::Stream;
using simt_test::all_schedules;
using simt_test::Scope;

namespace thread_model {

struct Indices {
  unsigned thread[3], block[3], block_dim[3], grid_dim[3];
};

__global__ void indices_kernel(Indices* out, int* visits) {
  const unsigned in_block = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
  const unsigned block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
  const unsigned i = block * blockDim.x * blockDim.y * blockDim.z + in_block;
  out[i] = {{threadIdx.x, threadIdx.y, threadIdx.z},
            {blockIdx.x, blockIdx.y, blockIdx.z},
            {blockDim.x, blockDim.y, blockDim.z},
            {gridDim.x, gridDim.y, gridDim.z}};
  atomicAdd(&visits[i], 1);
}

// Reverses each block's part of the array, `rounds` times, through dynamic shared memory.
__global__ void reverse_block_kernel(int* values, int rounds) {
  int* tile = static_cast<int*>(simt::dynamic_shared_memory());
  int& mine = values[blockIdx.x * blockDim.x + threadIdx.x];
  for (int round = 0; round < rounds; ++round) {
    tile[threadIdx.x] = mine;
    __syncthreads();
    mine = tile[blockDim.x - 1 - threadIdx.x];
    __syncthreads();  // before the next round overwrites the tile
  }
}

__global__ void predicates_kernel(int* count, int* all, int* any, int limit) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x), t = static_cast<int>(threadIdx.x);
  count[i] = __syncthreads_count(t < limit);
  all[i] = __syncthreads_and(t < limit);
  any[i] = __syncthreads_or(t >= limit);
  count[i] += 1000 * __syncthreads_count(t >= limit);  // at once: the results of two barriers must not mix
}

__global__ void tile_sum_kernel(const float* a, const float* b, float* out, int n) {
  __shared__ float left[64], right[64];
  const int t = static_cast<int>(threadIdx.x);
  float sum = 0;
  for (int k = 0; k < n; k += 64) {
    left[t] = a[k + t];
    right[t] = b[k + t];
    __syncthreads();
    for (int j = 0; j < 64; ++j) sum += left[j] * right[(j + t) % 64];
    __syncthreads();
  }
  out[blockIdx.x * 64 + threadIdx.x] = sum * static_cast<float>(blockIdx.x + 1);
}

// What the block left of us wrote must not be seen: shared memory is private to a block.
__global__ void private_kernel(int* mistakes) {
  __shared__ int owner[32];
  int* dynamic_owner = static_cast<int*>(simt::dynamic_shared_memory());
  const int block = static_cast<int>(blockIdx.x), t = static_cast<int>(threadIdx.x);
  owner[t] = dynamic_owner[t] = block;
  for (int round = 0; round < 3; ++round) {
    __syncthreads();
    if (owner[(t + round) % 32] != block || dynamic_owner[31 - t] != block) atomicAdd(mistakes, 1);
  }
}

template <int kAdd>
__device__ int* scratch_of_template() {
  __shared__ int scratch[32];
  scratch[threadIdx.x] = kAdd + static_cast<int>(threadIdx.x);
  return scratch;
}

__device__ int* scratch_of_function() {
  __shared__ int scratch[32];
  scratch[threadIdx.x] = 3000 + static_cast<int>(threadIdx.x);
  return scratch;
}

template <class T>
__global__ void shared_of_functions_kernel(T* out) {
  __shared__ T own[32];
  own[threadIdx.x] = static_cast<T>(4000 + threadIdx.x);
  const int *a = scratch_of_template<1000>(), *b = scratch_of_template<2000>(), *c = scratch_of_function();
  __syncthreads();
  const unsigned other = 31 - threadIdx.x;
  out[blockIdx.x * 32 + threadIdx.x] = static_cast<T>(a[other] + b[other] + c[other]) + own[other];
}

__global__ void aligned_kernel(int* misaligned) {
  const auto address = reinterpret_cast<std::uintptr_t>(simt::dynamic_shared_memory());
  if (address % 128 != 0) atomicAdd(misaligned, 1);
}

__global__ void one_thread_kernel(int* out) {
  __syncthreads();
  __syncwarp();
  int value = __syncthreads_count(1) + 10 * __syncthreads_and(1) + 100 * __syncthreads_or(0);
  value += __shfl_sync(1u, 1000, 0) + static_cast<int>(__ballot_sync(1u, 1)) * 10000;
  out[blockIdx.x] = value;
}

}  // namespace thread_model

using namespace thread_model;

TEST_CASE("every thread knows its indices in three dimensions") {
  const auto [grid, block] =
      GENERATE(std::pair<dim3, dim3>{{1}, {1}}, std::pair<dim3, dim3>{{7}, {33}}, std::pair<dim3, dim3>{{3, 4}, {5, 6}},
               std::pair<dim3, dim3>{{2, 3, 5}, {4, 3, 2}}, std::pair<dim3, dim3>{{1, 1, 3}, {1, 1, 64}},
               std::pair<dim3, dim3>{{2, 2}, {1, 1024}}, std::pair<dim3, dim3>{{1000}, {2}});
  const unsigned threads = block.x * block.y * block.z, blocks = grid.x * grid.y * grid.z;
  for (const auto& options : all_schedules(2, 2)) {
    INFO(simt_test::text_of(options) << ", " << blocks << " blocks of " << threads);
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<Indices> out(blocks * threads);
    DeviceBuffer<int> visits(std::vector<int>(blocks * threads), stream);
    launch(stream, {grid, block}, indices_kernel, out.data(), visits.data());
    const auto found = out.download(stream);
    const auto counts = visits.download(stream);
    bool right = std::all_of(counts.begin(), counts.end(), [](int count) { return count == 1; });
    for (unsigned i = 0; i < found.size(); ++i) {
      const unsigned t = i % threads, b = i / threads;
      const Indices expected = {{t % block.x, t / block.x % block.y, t / (block.x * block.y)},
                                {b % grid.x, b / grid.x % grid.y, b / (grid.x * grid.y)},
                                {block.x, block.y, block.z},
                                {grid.x, grid.y, grid.z}};
      right = right && std::memcmp(&found[i], &expected, sizeof expected) == 0;
    }
    REQUIRE(right);
  }
}

TEST_CASE("a block barrier separates what comes before from what comes after") {
  const int threads = GENERATE(1, 2, 31, 32, 33, 63, 65, 256, 1000, 1024), rounds = GENERATE(1, 4);
  for (const auto& options : all_schedules(2, 2)) {
    INFO(simt_test::text_of(options) << ", " << threads << " threads");
    const Scope scope(options);
    Stream stream;
    std::vector<int> values(static_cast<std::size_t>(threads) * 3);
    std::iota(values.begin(), values.end(), 0);
    DeviceBuffer<int> buffer(values, stream);
    launch(stream, {3, static_cast<unsigned>(threads), threads * sizeof(int)}, reverse_block_kernel, buffer.data(),
           rounds);
    if (rounds % 2 == 1) {
      for (int b = 0; b < 3; ++b) std::reverse(values.begin() + b * threads, values.begin() + (b + 1) * threads);
    }
    REQUIRE(buffer.download(stream) == values);
  }
}

TEST_CASE("barriers with a predicate count, and, or") {
  const int threads = GENERATE(1, 32, 48, 300);
  const int limit = GENERATE(0, 1, 17, 300);
  const int below = std::min(limit, threads);
  for (const auto& options : all_schedules(1, 2)) {
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<int> count(2 * threads), all(2 * threads), any(2 * threads);
    launch(stream, {2, static_cast<unsigned>(threads)}, predicates_kernel, count.data(), all.data(), any.data(), limit);
    CHECK(count.download(stream) == std::vector<int>(2 * threads, below + 1000 * (threads - below)));
    CHECK(all.download(stream) == std::vector<int>(2 * threads, below == threads));
    CHECK(any.download(stream) == std::vector<int>(2 * threads, below < threads));
  }
}

TEST_CASE("shared memory is private to a block, whatever the number of workers") {
  for (const int threads : {1, 2, 3, 8}) {
    for (const auto& options : all_schedules(threads, 2)) {
      const Scope scope(options);
      Stream stream;
      DeviceBuffer<int> mistakes(std::vector<int>{0}, stream);
      launch(stream, {200, 32, 32 * sizeof(int)}, private_kernel, mistakes.data());
      CHECK(mistakes.download(stream) == std::vector<int>{0});
    }
  }
}

TEST_CASE("static shared memory of functions and templates") {
  for (const auto& options : all_schedules(2, 2)) {
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<int> ints(5 * 32);
    DeviceBuffer<double> doubles(5 * 32);
    launch(stream, {5, 32}, shared_of_functions_kernel<int>, ints.data());
    launch(stream, {5, 32}, shared_of_functions_kernel<double>, doubles.data());
    const auto found = ints.download(stream);
    const auto found_doubles = doubles.download(stream);
    for (int i = 0; i < 5 * 32; ++i) {
      CHECK(found[i] == 10000 + 4 * (31 - i % 32));
      CHECK(found_doubles[i] == found[i]);
    }
  }
}

TEST_CASE("dynamic shared memory is aligned for vector types") {
  const Scope scope(simt::Options{});
  Stream stream;
  DeviceBuffer<int> misaligned(std::vector<int>{0}, stream);
  for (const std::size_t bytes : {4, 100, 1000, 48 << 10}) {
    launch(stream, {16, 4, bytes}, aligned_kernel, misaligned.data());
  }
  CHECK(misaligned.download(stream) == std::vector<int>{0});
}

TEST_CASE("a block of one thread passes every synchronisation") {
  for (const auto& options : all_schedules(2, 2)) {
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<int> out(9);
    launch(stream, {9, 1}, one_thread_kernel, out.data());
    CHECK(out.download(stream) == std::vector<int>(9, 11011));
  }
}

TEST_CASE("results depend neither on the schedule nor on the number of workers") {
  constexpr int kBlocks = 37, kLength = 256;
  Stream stream;
  std::vector<float> a(kLength), b(kLength);
  for (int i = 0; i < kLength; ++i) {
    a[i] = 0.1f * static_cast<float>(i % 13);
    b[i] = 1.0f / static_cast<float>(i + 1);
  }
  DeviceBuffer<float> left(a, stream), right(b, stream), out(kBlocks * 64);
  std::vector<float> expected;
  for (const int threads : {1, 2, 3, 8}) {
    for (const auto& options : all_schedules(threads, 5)) {
      const Scope scope(options);
      duel::check(cudaMemset(out.data(), 0, out.bytes()));
      launch(stream, {kBlocks, 64}, tile_sum_kernel, left.data(), right.data(), out.data(), kLength);
      const auto found = out.download(stream);
      if (expected.empty()) expected = found;
      REQUIRE(found == expected);
    }
  }
  CHECK(expected[64] == 2 * expected[0]);
}

TEST_CASE("synchronisation outside a kernel is refused") {
  CHECK_THROWS_AS(__shfl_sync(1u, 1, 0), std::logic_error);
  CHECK_THROWS_AS(__syncwarp(), std::logic_error);
  CHECK_THROWS_AS(__syncthreads_count(1), std::logic_error);
  CHECK_THROWS_AS(simt::dynamic_shared_memory(), std::logic_error);
  CHECK_THROWS_AS(__trap(), std::logic_error);
}

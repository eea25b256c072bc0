// Planted data races, and the same kernels without them.
#include "tests/kernels/simt/checked/checked_test.h"

using checked_test::at;
using checked_test::report_of_correct;
using checked_test::unlike;
using duel::DeviceBuffer;
using duel::launch;
using duel::StreamView;

namespace races {

constexpr int kThreads = 64;

constexpr int kReverse = __LINE__;
__global__ void reverse_kernel(int* out, bool correct) {
  __shared__ int tile[kThreads];
  tile[threadIdx.x] = 0;
  __syncthreads();
  tile[threadIdx.x] = 1;
  if (correct) __syncthreads();
  out[threadIdx.x] = tile[kThreads - 1 - threadIdx.x];
}

constexpr int kHalves = __LINE__;
__global__ void halves_of_warp_kernel(int* out, bool correct) {
  __shared__ int tile[32];
  tile[threadIdx.x] = 0;
  __syncthreads();
  tile[threadIdx.x] = 1;
  __syncwarp(correct ? 0xffffffffu : threadIdx.x < 16 ? 0xffffu : 0xffff0000u);
  out[threadIdx.x] = tile[31 - threadIdx.x];
}

constexpr int kShuffle = __LINE__;
__global__ void shuffle_orders_nothing_kernel(int* out, bool correct) {
  __shared__ int tile[32];
  tile[threadIdx.x] = 0;
  __syncthreads();
  tile[threadIdx.x] = __shfl_xor_sync(0xffffffffu, 1, 1);
  const int one = __shfl_xor_sync(0xffffffffu, 1, 1);
  if (correct) __syncwarp();
  out[threadIdx.x] = tile[31 - threadIdx.x] + one;
}

constexpr int kSyncwarpBeyond = __LINE__;
__global__ void syncwarp_beyond_warp_kernel(int* out, bool correct) {
  __shared__ int tile[kThreads];
  tile[threadIdx.x] = 0;
  __syncthreads();
  tile[threadIdx.x] = 1;
  __syncwarp();
  out[threadIdx.x] = tile[correct ? threadIdx.x ^ 31 : threadIdx.x ^ 32];
}

constexpr int kDouble = __LINE__;
__global__ void double_buffer_kernel(int* out, int stages) {
  __shared__ int stage[2][kThreads];
  stage[0][threadIdx.x] = 0;
  for (int i = 1; i < 6; ++i) {
    __syncthreads();
    const int value = stage[(i - 1) % stages][threadIdx.x ^ 33];
    stage[i % stages][threadIdx.x] = value + 1;
  }
  out[threadIdx.x] = stage[5 % stages][threadIdx.x];
}

constexpr int kSameCell = __LINE__;
__global__ void same_cell_kernel(int* out, bool correct) {
  if (threadIdx.x == 0) out[correct ? blockIdx.x : 0] = 1;
}

constexpr int kNeighbour = __LINE__;
__global__ void neighbour_block_kernel(int* out, bool correct) {
  const int seen = out[correct ? blockIdx.x : 0];
  out[blockIdx.x] = seen + 1;
}

constexpr int kLast = __LINE__;
__global__ void last_block_kernel(int* partial, unsigned* done, int* sum, bool correct) {
  __shared__ bool is_last;
  partial[blockIdx.x * blockDim.x + threadIdx.x] = 1;
  __syncthreads();
  if (threadIdx.x == 0) {
    if (correct) __threadfence();
    is_last = atomicAdd(done, 1) == gridDim.x - 1;
  }
  __syncthreads();
  if (is_last && threadIdx.x == 5) {
    for (unsigned i = 0; i < gridDim.x * blockDim.x; ++i) *sum += partial[i];
  }
}

constexpr int kAtomic = __LINE__;
__global__ void atomic_kernel(int* sum, bool correct) {
  if (correct || threadIdx.x != 3) {
    atomicAdd(sum, 1);
  } else {
    *sum = 0;
  }
}

constexpr int kBytes = __LINE__;
__global__ void bytes_kernel(unsigned char* out, bool correct) {
  out[correct ? threadIdx.x : threadIdx.x / 2] = 1;
}

constexpr int kReaders = __LINE__;
__global__ void many_readers_kernel(const int* in, int* out, int* written) {
  out[blockIdx.x * blockDim.x + threadIdx.x] = *in;
  if (blockIdx.x == 2 && threadIdx.x == 1) *written = 1;
}

__global__ void broadcast_kernel(const int* in, int* out) {
  __shared__ int value;
  for (int i = 0; i < 3; ++i) {  // shared memory is used again after a barrier
    if (threadIdx.x == 0) value = in[i];
    __syncthreads();
    out[blockIdx.x * blockDim.x + threadIdx.x] = value + in[0];
    __syncthreads();
  }
}

__global__ void warp_sum_kernel(int* out) {  // warp-synchronous: a __syncwarp between any two steps
  __shared__ int part[32];
  part[threadIdx.x] = 1;
  for (unsigned offset = 16; offset > 0; offset /= 2) {
    __syncwarp();
    const int other = threadIdx.x < offset ? part[threadIdx.x + offset] : 0;
    __syncwarp();
    part[threadIdx.x] += other;
  }
  __syncwarp();
  out[threadIdx.x] = part[0];
}

}  // namespace races

using namespace races;

namespace {

// kernel(zeros, arguments...) in `blocks` blocks.
template <class T, class... Parameters, class... Arguments>
auto run(unsigned blocks, unsigned threads, void (*kernel)(T*, Parameters...), Arguments... arguments) {
  return [=](StreamView stream) {
    const DeviceBuffer<T> out(std::vector<T>(256), stream);
    launch(stream, {blocks, threads}, kernel, out.data(), arguments...);
    stream.synchronize();
  };
}

std::string here(int line) {
  return at(__FILE__, line);
}

}  // namespace

TEST_CASE("a missing __syncthreads is a data race") {
  CHECK(unlike(run(1, kThreads, reverse_kernel, false),
               {"cudaErrorLaunchFailure", "races::reverse_kernel, block (0,0,0), thread (", "data race: ", "write",
                "read", here(kReverse + 5), here(kReverse + 7), "reverse_kernel(int*, bool)::tile"}) == "");
  CHECK(report_of_correct(run(1, kThreads, reverse_kernel, true)) == "");
}

TEST_CASE("lanes are ordered by a __syncwarp that both took part in") {
  CHECK(unlike(run(1, 32, halves_of_warp_kernel, false), {"data race: ", here(kHalves + 5), here(kHalves + 7)}) == "");
  CHECK(report_of_correct(run(1, 32, halves_of_warp_kernel, true)) == "");
  CHECK(unlike(run(1, kThreads, syncwarp_beyond_warp_kernel, false),
               {"data race: ", here(kSyncwarpBeyond + 5), here(kSyncwarpBeyond + 7)}) == "");
  CHECK(report_of_correct(run(1, kThreads, syncwarp_beyond_warp_kernel, true)) == "");
  CHECK(report_of_correct(run(1, 32, warp_sum_kernel)) == "");
}

TEST_CASE("shuffles order no memory accesses") {
  CHECK(unlike(run(1, 32, shuffle_orders_nothing_kernel, false),
               {"data race: ", here(kShuffle + 5), here(kShuffle + 8)}) == "");
  CHECK(report_of_correct(run(1, 32, shuffle_orders_nothing_kernel, true)) == "");
}

TEST_CASE("two buffers need one barrier a step, one buffer needs two") {
  CHECK(report_of_correct(run(1, kThreads, double_buffer_kernel, 2)) == "");
  CHECK(unlike(run(1, kThreads, double_buffer_kernel, 1), {"data race: ", here(kDouble + 6), here(kDouble + 7)}) == "");
}

TEST_CASE("blocks of a grid are not ordered") {
  CHECK(unlike(run(3, 32, same_cell_kernel, false),
               {"data race: write of 4 bytes", "unordered with the write by block (", here(kSameCell + 2)}) == "");
  CHECK(report_of_correct(run(3, 32, same_cell_kernel, true)) == "");
  CHECK(unlike(run(3, 1, neighbour_block_kernel, false), {"data race: ", here(kNeighbour + 2), here(kNeighbour + 3)}) ==
        "");
  CHECK(report_of_correct(run(3, 1, neighbour_block_kernel, true)) == "");
}

TEST_CASE("a write meets a reader of another thread, however many there were") {
  const auto work = [](bool same) {
    return [same](StreamView stream) {
      const DeviceBuffer<int> in(std::vector<int>(2), stream), out(std::vector<int>(256), stream);
      launch(stream, {4, 64}, many_readers_kernel, in.data(), out.data(), same ? in.data() : in.data() + 1);
      stream.synchronize();
    };
  };
  CHECK(unlike(work(true), {"data race: ", here(kReaders + 2), here(kReaders + 3)}) == "");
  CHECK(report_of_correct(work(false)) == "");
}

TEST_CASE("the last block may read what the others wrote, after a fence") {
  const auto work = [](bool correct) {
    return [correct](StreamView stream) {
      const DeviceBuffer<int> partial(4 * 64), sum(std::vector<int>(1), stream);
      const DeviceBuffer<unsigned> done(std::vector<unsigned>(1), stream);
      launch(stream, {4, 64}, last_block_kernel, partial.data(), done.data(), sum.data(), correct);
      CHECK((!correct || sum.download(stream)[0] == 4 * 64));
      stream.synchronize();
    };
  };
  CHECK(report_of_correct(work(true)) == "");
  CHECK(unlike(work(false), {"data race: read of 4 bytes", here(kLast + 3), here(kLast + 11)}) == "");
}

TEST_CASE("atomics never race with atomics, and do with other accesses") {
  CHECK(report_of_correct(run(3, 32, atomic_kernel, true)) == "");
  CHECK(unlike(run(1, 32, atomic_kernel, false), {"data race: ", "atomic", here(kAtomic + 3), here(kAtomic + 5)}) ==
        "");
}

TEST_CASE("neighbouring bytes belong to different threads") {
  CHECK(report_of_correct(run(1, 32, bytes_kernel, true)) == "");
  CHECK(unlike(run(1, 32, bytes_kernel, false), {"data race: write of 1 bytes", here(kBytes + 2)}) == "");
}

TEST_CASE("read-only broadcasts and shared memory used again after a barrier are no races") {
  CHECK(report_of_correct([](StreamView stream) {
          const DeviceBuffer<int> in(std::vector<int>(3), stream), out(3 * 64);
          launch(stream, {3, 64}, broadcast_kernel, in.data(), out.data());
          stream.synchronize();
        }) == "");
}

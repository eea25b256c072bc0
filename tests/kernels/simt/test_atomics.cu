// Atomic functions: return the old value, and lose nothing when many blocks and workers meet.
#include <algorithm>
#include <numeric>

#include "tests/kernels/simt/simt_test.h"

using duel::DeviceBuffer;
using duel::launch;
using duel::Stream;
using simt_test::all_schedules;
using simt_test::Scope;

namespace atomics {

constexpr int kBlocks = 100, kThreads = 128, kAll = kBlocks * kThreads;

template <class T>
__global__ void add_kernel(T* sum, T value) {
  atomicAdd(sum, value);
}

__global__ void tickets_kernel(int* next, int* taken) {
  taken[atomicAdd(next, 1)] += 1;
}

template <class T>
struct Extremes {
  T least, greatest, bits_left, bits_set, down;
};

template <class T>
__global__ void integer_kernel(Extremes<T>* cells) {
  const T i = static_cast<T>(blockIdx.x * blockDim.x + threadIdx.x);
  atomicMin(&cells->least, static_cast<T>(i + 5));
  atomicMax(&cells->greatest, static_cast<T>(i + 5));
  atomicAnd(&cells->bits_left, static_cast<T>(~(T{1} << (i % 7))));
  atomicOr(&cells->bits_set, static_cast<T>(T{1} << (i % 11)));
  atomicSub(&cells->down, T{2});
}

// A lock that one thread of each block takes in turn.
__global__ void lock_kernel(int* lock, long long* guarded) {
  if (threadIdx.x != 0) return;
  while (atomicCAS(lock, 0, 1) != 0) {
  }
  __threadfence();
  *guarded = *guarded * 3 % 1000003 + 1;
  __threadfence();
  atomicExch(lock, 0);
}

__global__ void old_values_kernel(int* cell, int* old) {
  old[0] = atomicAdd(cell, 5);      // 10 -> 15
  old[1] = atomicSub(cell, 3);      // -> 12
  old[2] = atomicExch(cell, 40);    // -> 40
  old[3] = atomicCAS(cell, 40, 7);  // -> 7
  old[4] = atomicCAS(cell, 40, 9);  // stays 7
  old[5] = atomicMin(cell, 6);      // -> 6
  old[6] = atomicMax(cell, 12);     // -> 12
  old[7] = atomicAnd(cell, 9);      // -> 8
  old[8] = atomicOr(cell, 3);       // -> 11
}

// The idiom for what CUDA has no function for: a maximum of floats.
__global__ void float_maximum_kernel(unsigned* cell, const float* values) {
  const float mine = values[blockIdx.x * blockDim.x + threadIdx.x];
  unsigned seen = atomicAdd(cell, 0);  // a plain read would race with the others' atomics
  while (__uint_as_float(seen) < mine) {
    const unsigned before = atomicCAS(cell, seen, __float_as_uint(mine));
    if (before == seen) break;
    seen = before;
  }
}

}  // namespace atomics

using namespace atomics;

TEMPLATE_TEST_CASE("atomicAdd loses nothing", "", int, unsigned, unsigned long long, float, double) {
  for (const auto& options : all_schedules(3, 2)) {
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<TestType> sum(std::vector<TestType>{7}, stream);
    launch(stream, {kBlocks, kThreads}, add_kernel<TestType>, sum.data(), TestType{2});
    CHECK(sum.download(stream)[0] == static_cast<TestType>(7 + 2 * kAll));
  }
}

TEST_CASE("every atomic ticket is taken once") {
  for (const auto& options : all_schedules(3, 2)) {
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<int> next(std::vector<int>{0}, stream), taken(std::vector<int>(kAll), stream);
    launch(stream, {kBlocks, kThreads}, tickets_kernel, next.data(), taken.data());
    CHECK(taken.download(stream) == std::vector<int>(kAll, 1));
  }
}

TEMPLATE_TEST_CASE("minimum, maximum, bits and subtraction", "", int, unsigned, unsigned long long) {
  for (const auto& options : all_schedules(3, 2)) {
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<Extremes<TestType>> cells(std::vector<Extremes<TestType>>{{1000000, 0, 0xfff, 0x1000, 3 * kAll}},
                                           stream);
    launch(stream, {kBlocks, kThreads}, integer_kernel<TestType>, cells.data());
    const auto found = cells.download(stream)[0];
    CHECK(found.least == 5);
    CHECK(found.greatest == kAll + 4);
    CHECK(found.bits_left == (0xfff & ~0x7f));
    CHECK(found.bits_set == (0x1000 | 0x7ff));
    CHECK(found.down == kAll);
  }
}

TEST_CASE("a lock made of atomicCAS excludes") {
  long long expected = 1;
  for (int i = 0; i < kBlocks; ++i) expected = expected * 3 % 1000003 + 1;
  const Scope scope(simt_test::options_of(simt::Schedule::forward, 1, 3));
  Stream stream;
  DeviceBuffer<int> lock(std::vector<int>{0}, stream);
  DeviceBuffer<long long> guarded(std::vector<long long>{1}, stream);
  launch(stream, {kBlocks, 32}, lock_kernel, lock.data(), guarded.data());
  CHECK(guarded.download(stream)[0] == expected);
}

TEST_CASE("atomic functions return the value from before") {
  const Scope scope(simt::Options{});
  Stream stream;
  DeviceBuffer<int> cell(std::vector<int>{10}, stream), old(9);
  launch(stream, {1, 1}, old_values_kernel, cell.data(), old.data());
  CHECK(old.download(stream) == std::vector<int>{10, 15, 12, 40, 7, 7, 6, 12, 8});
  CHECK(cell.download(stream)[0] == 11);
}

TEST_CASE("a loop around atomicCAS finds the maximum of floats") {
  for (const auto& options : all_schedules(3, 2)) {
    const Scope scope(options);
    Stream stream;
    std::vector<float> values(kAll);
    for (int i = 0; i < kAll; ++i) values[i] = static_cast<float>(i * 7919 % kAll) / 8;
    DeviceBuffer<float> input(values, stream);
    DeviceBuffer<unsigned> cell(std::vector<unsigned>{0}, stream);
    launch(stream, {kBlocks, kThreads}, float_maximum_kernel, cell.data(), input.data());
    CHECK(__uint_as_float(cell.download(stream)[0]) == *std::max_element(values.begin(), values.end()));
  }
}

// Planted bugs that stop a kernel with a report: wrong lane masks, divergent barriers, traps, exceptions.
// `correct` takes the bug out.
#include <atomic>
#include <cmath>
#include <stdexcept>

#include "tests/kernels/simt/planted.h"

using duel::DeviceBuffer;
using duel::launch;
using duel::Stream;
using simt_test::contains;
using simt_test::report_under_any_schedule;
using simt_test::unexpected_report;

namespace planted_faults {

constexpr unsigned kAll = 0xffffffffu;
constexpr int kThreads = 64;
// Each kernel stores the line of its bug, so that the tests can ask for it.
std::atomic<int> g_line = 0;  // atomic: checked builds refuse kernels plain writes to variables of the host

__device__ int at() {  // every thread of the grid has a value of its own
  return static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
}

__global__ void mask_lacks_caller_kernel(float* out, bool correct) {
  g_line = __LINE__ + 1;
  out[at()] = __shfl_down_sync(correct ? kAll : 0xffffu, out[at()], 8);
}

__global__ void mask_names_absent_lane_kernel(float* out, bool correct) {
  g_line = __LINE__ + 1;
  if (threadIdx.x % 32 < 16) out[at()] = __shfl_down_sync(correct ? 0xffffu : kAll, out[at()], 8, 16);
  __syncthreads();
}

__global__ void different_masks_kernel(float* out, bool correct) {
  const unsigned mask = correct || threadIdx.x % 32 < 16 ? kAll : kAll << 1;
  g_line = __LINE__ + 1;
  out[at()] = __shfl_xor_sync(mask, out[at()], 1);
}

__global__ void different_primitives_kernel(float* out, bool correct) {
  const bool low = threadIdx.x % 32 < 16;
  g_line = __LINE__ + 2;
  if (low) {
    __syncwarp(correct ? 0xffffu : kAll);
  } else {
    out[at()] = static_cast<float>(__ballot_sync(correct ? 0xffff0000u : kAll, 1));
  }
}

__global__ void half_at_barrier_kernel(float* out, bool correct) {
  g_line = __LINE__ + 1;
  if (correct || threadIdx.x < kThreads / 2) __syncthreads();
  out[at()] = 1;
}

__global__ void early_return_kernel(float* out, bool correct) {
  if (!correct && threadIdx.x == 5) return;
  g_line = __LINE__ + 1;
  __syncthreads();
  out[at()] = 1;
}

__global__ void two_sites_kernel(float* out, bool correct) {
  const bool first = correct || threadIdx.x < 40;
  g_line = __LINE__ + 2;
  if (first)
    __syncthreads();
  else
    __syncthreads();
  out[at()] = 1;
}

__global__ void two_reductions_kernel(float* out, bool correct) {
  const bool plain = correct || threadIdx.x % 2 == 0;
  g_line = __LINE__ + 1;
  plain ? __syncthreads() : static_cast<void>(__syncthreads_or(1));
  out[at()] = 1;
}

__global__ void uneven_loop_kernel(float* out, bool correct) {  // one thread makes a step less than the others
  const int steps = correct || threadIdx.x != 63 ? 3 : 2;
  g_line = __LINE__ + 1;
  for (int step = 0; step < steps; ++step) __syncthreads();
  out[at()] = 1;
}

__global__ void trap_kernel(float* out, bool correct) {
  __syncthreads();
  g_line = __LINE__ + 1;
  if (!correct && threadIdx.x == 17 && blockIdx.x == 1) __trap();
  out[at()] = 1;
}

__global__ void throwing_kernel(float* out, bool correct) {
  if (threadIdx.x % 2 == 0) __syncwarp(0x55555555u);
  g_line = __LINE__;
  if (!correct && threadIdx.x == 3) throw std::runtime_error("an unexpected shape");
  out[at()] = 1;
}

__global__ void throwing_number_kernel(float* out, bool correct) {
  g_line = __LINE__;
  if (!correct && threadIdx.x == 3) throw 7;
  out[at()] = 1;
}

template <class T>
__global__ void template_trap_kernel(T* out) {
  if (out) __trap();
}

__global__ void faulty_blocks_kernel(int* ran, unsigned faulty) {
  __syncthreads();
  if (threadIdx.x == 0) atomicAdd(ran, 1);
  if (blockIdx.x >= faulty) __trap();
}

__global__ void dangling_source_kernel(float* out, int source) {
  if (threadIdx.x < 16) out[threadIdx.x] = __shfl_sync(0xffffu, static_cast<float>(threadIdx.x), source);
}

__global__ void returned_source_kernel(float* out, bool correct) {
  if (!correct && threadIdx.x >= 16) return;
  out[threadIdx.x] = __shfl_down_sync(kAll, 1.0f, 8);
}

}  // namespace planted_faults

using namespace planted_faults;

namespace {

using Kernel = void (*)(float*, bool);

auto run(Kernel kernel, bool correct) {
  return [=](duel::StreamView stream) {
    DeviceBuffer<float> out(std::vector<float>(2 * kThreads), stream);
    launch(stream, {2, kThreads}, kernel, out.data(), correct);
    stream.synchronize();
  };
}

std::string line(int offset = 0) {
  return "test_planted_faults.cu:" + std::to_string(g_line + offset);
}

// The correct form passes everywhere; the broken one is caught everywhere, with its kernel, block, thread and line.
void check_caught(Kernel kernel, const std::string& name, std::vector<std::string> expected) {
  CHECK(report_under_any_schedule(run(kernel, true)) == "");
  CHECK(report_under_any_schedule(run(kernel, true), 3) == "");
  g_line = 0;
  static_cast<void>(simt_test::report_of(run(kernel, false)));
  REQUIRE(g_line > 0);
  expected.insert(expected.end(), {"cudaErrorLaunchFailure", "planted_faults::" + name + ", block (", ", thread ("});
  CHECK(unexpected_report(run(kernel, false), expected) == "");
  CHECK(unexpected_report(run(kernel, false), expected, 3) == "");
  CHECK(report_under_any_schedule(run(kernel, true)) == "");  // the fibers are as good as new
}

// g_line of that kernel's broken form.
std::string line_of(Kernel kernel, int offset = 0) {
  static_cast<void>(simt_test::report_of(run(kernel, false)));
  return line(offset);
}

}  // namespace

TEST_CASE("planted: a lane mask that lacks the caller") {
  check_caught(mask_lacks_caller_kernel, "mask_lacks_caller_kernel",
               {line_of(mask_lacks_caller_kernel), "wrong lane mask", "does not name the calling lane"});
}

TEST_CASE("planted: a lane mask that names a lane that does not come") {
  check_caught(mask_names_absent_lane_kernel, "mask_names_absent_lane_kernel",
               {line_of(mask_names_absent_lane_kernel), "deadlock", "wait for others that never come"});
}

TEST_CASE("planted: lanes with different masks") {
  check_caught(different_masks_kernel, "different_masks_kernel",
               {line_of(different_masks_kernel), "wrong lane mask", "under different masks"});
}

TEST_CASE("planted: lanes at different primitives") {
  check_caught(different_primitives_kernel, "different_primitives_kernel",
               {line_of(different_primitives_kernel), line_of(different_primitives_kernel, 2), "wrong lane mask"});
}

TEST_CASE("planted: half of the block at a barrier") {
  check_caught(half_at_barrier_kernel, "half_at_barrier_kernel", {line_of(half_at_barrier_kernel)});
}

TEST_CASE("planted: an early return before a barrier") {
  check_caught(early_return_kernel, "early_return_kernel", {line_of(early_return_kernel)});
}

TEST_CASE("planted: barriers at two places") {
  check_caught(two_sites_kernel, "two_sites_kernel",
               {"divergent barrier", line_of(two_sites_kernel), line_of(two_sites_kernel, 2)});
}

TEST_CASE("planted: barriers with different reductions") {
  check_caught(two_reductions_kernel, "two_reductions_kernel", {"divergent barrier", line_of(two_reductions_kernel)});
}

TEST_CASE("planted: a loop with a barrier that one thread leaves early") {
  check_caught(uneven_loop_kernel, "uneven_loop_kernel", {line_of(uneven_loop_kernel)});
}

TEST_CASE("planted: a trap") {
  check_caught(trap_kernel, "trap_kernel",
               {line_of(trap_kernel), "__trap()", "trap_kernel, block (1,0,0), thread (17,0,0)"});
}

TEST_CASE("planted: an exception leaves a kernel") {
  check_caught(throwing_kernel, "throwing_kernel", {"the kernel threw an exception: an unexpected shape"});
  if (simt::is_checked()) return;  // a number that is thrown is written to host memory first
  check_caught(throwing_number_kernel, "throwing_number_kernel",
               {"the kernel threw something that is no std::exception", "thread (3,0,0)"});
}

TEST_CASE("a report names a kernel template without its types of result and parameters") {
  const auto work = [](duel::StreamView stream) {
    DeviceBuffer<float> out(1);
    launch(stream, {1, 1}, template_trap_kernel<float>, out.data());
    stream.synchronize();
  };
  CHECK(unexpected_report(work, {"\n  planted_faults::template_trap_kernel<float>, block (0,0,0), thread (0,0,0)"}) ==
        "");
}

TEST_CASE("the first fault wins and ends the grid") {
  for (const auto& options :
       {simt_test::options_of(simt::Schedule::forward), simt_test::options_of(simt::Schedule::reverse)}) {
    const simt_test::Scope scope(options);
    const bool forward = options.schedule == simt::Schedule::forward;
    Stream stream;
    DeviceBuffer<int> ran(std::vector<int>{0}, stream);
    launch(stream, {100, 64}, faulty_blocks_kernel, ran.data(), 40u);
    CHECK(cudaStreamSynchronize(stream.view().get()) == cudaErrorLaunchFailure);
    CHECK(contains(simt::fault_report(), forward ? "block (40,0,0)" : "block (99,0,0)"));
    simt::clear_fault();
    CHECK(ran.download(stream)[0] == (forward ? 41 : 0));
  }
}

TEST_CASE("planted: a shuffle from a lane that takes no part gives NaN") {
  const auto right = [](int source) {
    Stream stream;
    DeviceBuffer<float> out(16);
    launch(stream, {1, 32}, dangling_source_kernel, out.data(), source);
    return out.download(stream) == std::vector<float>(16, static_cast<float>(source));
  };
  CHECK(simt_test::wrong_under([&] { return right(4); }) == "");
  CHECK(simt_test::wrong_under([&] { return right(20); }) == "forward reverse random");
}

TEST_CASE("planted: a shuffle from a lane that has returned gives NaN") {
  const auto right = [](bool correct) {
    Stream stream;
    DeviceBuffer<float> out(32);
    launch(stream, {1, 32}, returned_source_kernel, out.data(), correct);
    const auto found = out.download(stream);
    return std::all_of(found.begin(), found.begin() + 16, [](float value) { return value == 1; });
  };
  CHECK(simt_test::wrong_under([&] { return right(true); }) == "");
  CHECK(simt_test::wrong_under([&] { return right(false); }) == "forward reverse random");
}

// Asynchronous copies on the CPU device: done at the wait that covers them and not before.
#include "kernels/device/async_copy.cuh"

#include <numeric>

#include "tests/kernels/simt/planted.h"

using duel::commit_copies;
using duel::copy_async;
using duel::CudaError;
using duel::DeviceBuffer;
using duel::launch;
using duel::Stream;
using duel::wait_for_copies;
using simt_test::all_schedules;
using simt_test::contains;
using simt_test::report_of;
using simt_test::Scope;
using simt_test::wrong_under;

namespace async_copies {

constexpr int kThreads = 64, kStages = 3, kSteps = 7;

enum class Defect {
  none,
  no_wait,
  one_group_too_few,   // waits until all but kStages - 1 groups are there
  no_barrier,          // reads what other threads copied, behind the own wait only
  loads_too_early,     // before the barrier that says nobody reads the stage any more
  open_group,          // does not commit the last group
  leaves_without_wait  // returns while copies are under way
};

// out[t] = sum over the steps of the value of a thread in another warp.
template <Defect kDefect>
__global__ void pipeline_kernel(float* out, const float* in) {
  __shared__ float stage[kStages][kThreads];
  const int t = static_cast<int>(threadIdx.x);
  const auto load = [&](int step) {
    if (step < kSteps) copy_async<1>(&stage[step % kStages][t], in + step * kThreads + t, true);
    if (kDefect != Defect::open_group || step != kSteps - 1) commit_copies();
  };
  for (int step = 0; step < kStages - 1; ++step) load(step);
  float sum = 0;
  for (int step = 0; step < kSteps; ++step) {
    if (kDefect == Defect::one_group_too_few) {
      wait_for_copies<kStages - 1>();
    } else if (kDefect != Defect::no_wait) {
      wait_for_copies<kStages - 2>();
    }
    if (kDefect == Defect::loads_too_early) load(step + kStages - 1);
    if (kDefect != Defect::no_barrier) __syncthreads();
    if (kDefect != Defect::loads_too_early) load(step + kStages - 1);
    sum += stage[step % kStages][(t + 33) % kThreads];
  }
  if (kDefect == Defect::leaves_without_wait) copy_async<1>(&stage[0][t], in, true);
  out[t] = sum;
}

__global__ void fours_kernel(float* out, const float* in, int valid) {  // the first `valid` floats, zeros behind them
  __shared__ __align__(16) float four[kThreads];
  const int at = 4 * static_cast<int>(threadIdx.x);
  copy_async<4>(&four[at], at < valid ? in + at : nullptr, at < valid);
  commit_copies();
  wait_for_copies<0>();
  for (int i = 0; i < 4; ++i) out[at + i] = four[at + i];
}

}  // namespace async_copies

using namespace async_copies;

namespace {

std::vector<float> numbers(int count) {
  std::vector<float> result(static_cast<std::size_t>(count));
  std::iota(result.begin(), result.end(), 1.f);
  return result;
}

template <Defect kDefect>
bool pipeline_is_right() {
  Stream stream;
  const auto values = numbers(kSteps * kThreads);
  const DeviceBuffer<float> in(values, stream);
  DeviceBuffer<float> out(kThreads);
  try {
    launch(stream, {1, kThreads}, pipeline_kernel<kDefect>, out.data(), in.data());
    const auto found = out.download(stream);
    for (int t = 0; t < kThreads; ++t) {
      float expected = 0;
      for (int step = 0; step < kSteps; ++step) expected += values[step * kThreads + (t + 33) % kThreads];
      if (!(found[t] == expected)) return false;
    }
  } catch (const CudaError&) {
    simt::clear_fault();
    return false;
  }
  return true;
}

}  // namespace

TEST_CASE("asynchronous copies: a pipeline of stages is right in every schedule") {
  CHECK(wrong_under(pipeline_is_right<Defect::none>) == "");
}

TEST_CASE("asynchronous copies, planted: without the wait, or with one for too few groups, nothing is there") {
  CHECK(wrong_under(pipeline_is_right<Defect::no_wait>) == "forward reverse random");
  CHECK(wrong_under(pipeline_is_right<Defect::one_group_too_few>) == "forward reverse random");
  CHECK(wrong_under(pipeline_is_right<Defect::open_group>) == "forward reverse random");
}

TEST_CASE("asynchronous copies, planted: the wait is for the thread's own copies") {
  CHECK(wrong_under(pipeline_is_right<Defect::no_barrier>) == "forward reverse random");
}

TEST_CASE("asynchronous copies, planted: a stage is overwritten from the copy's begin, not from its end") {
  CHECK(wrong_under(pipeline_is_right<Defect::loads_too_early>) == "forward reverse random");
}

TEST_CASE("asynchronous copies: a thread that leaves with copies under way is an error") {
  const std::string report = report_of([](duel::StreamView stream) {
    const DeviceBuffer<float> in(numbers(kSteps * kThreads), stream);
    DeviceBuffer<float> out(kThreads);
    launch(stream, {1, kThreads}, pipeline_kernel<Defect::leaves_without_wait>, out.data(), in.data());
    stream.synchronize();
  });
  CHECK(contains(report, "never waited for 1 of its asynchronous copies"));
}

TEST_CASE("asynchronous copies: sixteen bytes, zeros where nothing is inside") {
  for (const auto& options : all_schedules()) {
    const Scope scope(options);
    Stream stream;
    const DeviceBuffer<float> in(numbers(kThreads), stream);
    DeviceBuffer<float> out(kThreads);
    launch(stream, {1, kThreads / 4}, fours_kernel, out.data(), in.data(), 40);
    const auto found = out.download(stream);
    for (int i = 0; i < kThreads; ++i) CHECK(found[i] == (i < 40 ? static_cast<float>(i + 1) : 0.f));
  }
}

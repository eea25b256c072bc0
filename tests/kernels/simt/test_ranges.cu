// Named ranges, the report of a fault in one, and the stand-in for the profiler's start and stop.
#include "kernels/simt/ranges.h"

#include <cuda_profiler_api.h>

#include <stdexcept>
#include <thread>

#include "kernels/runtime/range.h"
#include "kernels/simt/profiler.h"
#include "tests/kernels/simt/simt_test.h"

using namespace simt_test;
using duel::Range;
using simt::range_path;

// Not in an unnamed namespace: reports name them by the program's dynamic symbols.
__global__ void ranges_good_kernel(int* value) {
  *value = 1;
}

__global__ void ranges_trapping_kernel() {
  if (threadIdx.x == 0) __syncthreads();
}

TEST_CASE("ranges nest, close in order and belong to one host thread") {
  CHECK(range_path() == "");
  CHECK_THROWS_AS(
      [] {
        const Range iteration("iteration 3");
        {
          const Range network("generator");
          CHECK(range_path() == "iteration 3 / generator");
          std::string elsewhere = "unset";
          std::thread([&elsewhere] { elsewhere = range_path(); }).join();
          CHECK(elsewhere == "");
        }
        const Range layer("adam");
        CHECK(range_path() == "iteration 3 / adam");
        throw std::runtime_error("ends both");
      }(),
      std::runtime_error);
  CHECK(range_path() == "");
  simt::pop_range();  // none is open
  CHECK(range_path() == "");
}

TEST_CASE("a recorder sees the ranges of its thread and which launches lie in them") {
  const duel::Stream stream;
  const duel::DeviceBuffer<int> value(1);
  const auto launch = [&] { duel::launch(stream, {1, 1}, ranges_good_kernel, value.data()); };
  {
    const simt::RangeRecorder recorder;
    launch();
    {
      const Range outer("outer");
      launch();
      const Range inner("inner");
      launch();
      launch();
    }
    REQUIRE(recorder.ranges().size() == 2);
    CHECK(simt::path_of(recorder.ranges()[0].get()) == "outer");
    CHECK(recorder.ranges()[0]->launches == 1);
    CHECK(simt::path_of(recorder.ranges()[1].get()) == "outer / inner");
    CHECK(recorder.ranges()[1]->launches == 2);
    CHECK(recorder.launches_outside() == 1);
  }
  stream.synchronize();
}

TEST_CASE("the report of a fault names the ranges of its launch, also where a graph replays it") {
  const Scope scope(options_of(simt::Schedule::forward));
  const auto launch = [](duel::StreamView stream) {
    const Range network("generator");
    const Range layer("forward layer 2");
    duel::launch(stream, {1, 2}, ranges_trapping_kernel);
  };
  const std::string direct = report_of([&](duel::StreamView stream) {
    const Range iteration("iteration 3");
    launch(stream);
  });
  CHECK(contains(direct, "ranges_trapping_kernel"));
  CHECK(contains(direct, "; launched in iteration 3 / generator / forward layer 2"));

  const std::string replayed = report_of([&](duel::StreamView stream) {
    const duel::Graph graph = duel::Graph::capture(stream, launch);
    const Range iteration("iteration 4");
    graph.launch(stream);
    stream.synchronize();
  });
  CHECK(contains(replayed, "; launched in generator / forward layer 2"));

  const std::string outside = report_of([](duel::StreamView stream) {
    duel::launch(stream, {1, 2}, ranges_trapping_kernel);
  });
  CHECK(contains(outside, "ranges_trapping_kernel"));
  CHECK(!contains(outside, "launched in"));
}

TEST_CASE("starts and stops of the profiler are remembered with what ran in between") {
  const std::size_t before = simt::profiled_stretches().size();
  const duel::Stream stream;
  const duel::DeviceBuffer<int> value(1);
  CHECK(cudaProfilerStop() == cudaSuccess);  // none is running
  CHECK(simt::profiled_stretches().size() == before);
  CHECK(cudaProfilerStart() == cudaSuccess);
  CHECK(cudaProfilerStart() == cudaSuccess);
  for (int i = 0; i < 3; ++i) duel::launch(stream, {1, 1}, ranges_good_kernel, value.data());
  stream.synchronize();
  CHECK(simt::profiled_stretches().back().is_open);
  CHECK(cudaProfilerStop() == cudaSuccess);
  CHECK(cudaProfilerStop() == cudaSuccess);
  REQUIRE(simt::profiled_stretches().size() == before + 1);
  const simt::ProfiledStretch stretch = simt::profiled_stretches().back();
  CHECK(!stretch.is_open);
  CHECK(stretch.redundant_starts == 1);
  CHECK(stretch.stop.kernels - stretch.start.kernels == 3);
}

// Work that uses the same memory without being ordered: by streams, events, the host or a graph's edges.
#include <functional>

#include "tests/kernels/simt/checked/checked_test.h"

using checked_test::at;
using checked_test::report_of_correct;
using checked_test::unlike;
using duel::DeviceBuffer;
using duel::Event;
using duel::Graph;
using duel::launch;
using duel::Stream;
using duel::StreamView;

namespace stream_order {

constexpr int kAdd = __LINE__;
__global__ void add_kernel(int* cell) {
  *cell += 1;
}

}  // namespace stream_order

using stream_order::add_kernel;
using stream_order::kAdd;

namespace {

using Between = std::function<void(StreamView first, StreamView second)>;

// A kernel in one stream, between(), a kernel in another, both on one cell.
auto two_kernels(const Between& between) {
  return [between](StreamView) {
    const Stream first, second;
    const DeviceBuffer<int> cell(std::vector<int>(1), first);
    launch(first, {1, 1}, add_kernel, cell.data());
    between(first, second);
    launch(second, {1, 1}, add_kernel, cell.data());
    first.synchronize();
    second.synchronize();
  };
}

void wait_for_event(StreamView first, StreamView second) {
  Event event;
  event.record(first);
  duel::check(cudaStreamWaitEvent(second.get(), event.get(), 0));
}

// Two branches of a graph, joined at its end.
auto branches(bool same_cell) {
  return [same_cell](StreamView stream) {
    const DeviceBuffer<int> cells(std::vector<int>(2), stream);
    const Stream side;
    Event fork, join;
    const Graph graph = Graph::capture(stream, [&](StreamView origin) {
      launch(origin, {1, 1}, add_kernel, cells.data());
      fork.record(origin);
      duel::check(cudaStreamWaitEvent(side.view().get(), fork.get(), 0));
      launch(side, {1, 1}, add_kernel, cells.data());
      launch(origin, {1, 1}, add_kernel, cells.data() + (same_cell ? 0 : 1));
      join.record(side);
      duel::check(cudaStreamWaitEvent(origin.get(), join.get(), 0));
      launch(origin, {1, 1}, add_kernel, cells.data());
    });
    for (int i = 0; i < 3; ++i) graph.launch(stream);
    stream.synchronize();
  };
}

const std::string kHere = at(__FILE__, kAdd + 2);

}  // namespace

TEST_CASE("kernels in two streams that nothing orders") {
  CHECK(unlike(two_kernels([](StreamView, StreamView) {}),
               {"cudaErrorLaunchFailure", "stream_order::add_kernel",
                "unsynchronised use across streams: ", "by kernel stream_order::add_kernel", kHere}) == "");
}

TEST_CASE("what orders two streams") {
  CHECK(report_of_correct(two_kernels(wait_for_event)) == "");
  CHECK(report_of_correct(two_kernels([](StreamView first, StreamView) { first.synchronize(); })) == "");
  CHECK(report_of_correct(two_kernels([](StreamView, StreamView) { duel::check(cudaDeviceSynchronize()); })) == "");
  CHECK(report_of_correct(two_kernels([](StreamView first, StreamView) {
          Event event;
          event.record(first);
          event.synchronize();
        })) == "");
  CHECK(report_of_correct(two_kernels([](StreamView first, StreamView) {
          while (cudaStreamQuery(first.get()) == cudaErrorNotReady) {
          }
        })) == "");
}

TEST_CASE("an order the wrong way round is none") {
  CHECK(unlike(two_kernels([](StreamView first, StreamView second) { wait_for_event(second, first); }),
               {"unsynchronised use across streams"}) == "");
  CHECK(unlike(two_kernels([](StreamView, StreamView second) { second.synchronize(); }),
               {"unsynchronised use across streams"}) == "");
}

TEST_CASE("an event orders the work before its record only") {
  const auto work = [](StreamView) {
    const Stream first, second;
    const DeviceBuffer<int> cell(std::vector<int>(1), first);
    Event event;
    event.record(first);
    launch(first, {1, 1}, add_kernel, cell.data());
    duel::check(cudaStreamWaitEvent(second.view().get(), event.get(), 0));
    launch(second, {1, 1}, add_kernel, cell.data());
    duel::check(cudaDeviceSynchronize());
  };
  CHECK(unlike(work, {"unsynchronised use across streams", kHere}) == "");
}

TEST_CASE("copies and fills are accesses too") {
  const auto kernel_and = [](auto enqueue, bool correct) {
    return [=](StreamView) {
      const Stream first, second;
      const DeviceBuffer<int> cell(std::vector<int>(1), first);
      launch(first, {1, 1}, add_kernel, cell.data());
      if (correct) wait_for_event(first, second);
      int host = 0;
      duel::check(enqueue(cell.data(), &host, second.view().get()));
      duel::check(cudaDeviceSynchronize());
    };
  };
  const auto fill = [](int* cell, int*, cudaStream_t stream) { return cudaMemsetAsync(cell, 0, sizeof *cell, stream); };
  const auto copy = [](int* cell, int* host, cudaStream_t stream) {
    return cudaMemcpyAsync(host, cell, sizeof *cell, cudaMemcpyDeviceToHost, stream);
  };
  CHECK(unlike(kernel_and(fill, false), {"unsynchronised use across streams", "a fill", "add_kernel", kHere}) == "");
  CHECK(unlike(kernel_and(copy, false), {"unsynchronised use across streams", "a copy", "add_kernel", kHere}) == "");
  CHECK(report_of_correct(kernel_and(fill, true)) == "");
  CHECK(report_of_correct(kernel_and(copy, true)) == "");
}

TEST_CASE("a graph's edges order its nodes") {
  CHECK(report_of_correct(branches(false)) == "");
  CHECK(unlike(branches(true), {"unsynchronised use across streams", "add_kernel", kHere}) == "");
}

TEST_CASE("a graph is ordered with other work as a whole") {
  const auto work = [](bool correct) {
    return [correct](StreamView stream) {
      const DeviceBuffer<int> cell(std::vector<int>(1), stream);
      const Graph graph = Graph::capture(stream, [&](StreamView s) { launch(s, {1, 1}, add_kernel, cell.data()); });
      const Stream other;
      graph.launch(stream);
      if (correct) wait_for_event(stream, other);
      graph.launch(other);
      duel::check(cudaDeviceSynchronize());
    };
  };
  CHECK(report_of_correct(work(true)) == "");
  CHECK(unlike(work(false), {"unsynchronised use across streams", kHere}) == "");
}

TEST_CASE("a stream that is destroyed is seen by a synchronisation of the device") {
  CHECK(report_of_correct([](StreamView stream) {
          const DeviceBuffer<int> cell(std::vector<int>(1), stream);
          for (int i = 0; i < 5; ++i) {
            {
              const Stream brief;
              launch(brief, {1, 1}, add_kernel, cell.data());
            }
            duel::check(cudaDeviceSynchronize());
          }
          CHECK(cell.download(stream)[0] == 5);
        }) == "");
}

TEST_CASE("what was not released is listed with its maker") {
  const std::string before = simt::leak_report();
  float* memory = nullptr;
  cudaStream_t stream = nullptr;
  cudaEvent_t event = nullptr;
  const int line = __LINE__ + 1;
  duel::check(cudaMalloc(&memory, 1234));
  duel::check(cudaStreamCreate(&stream));
  duel::check(cudaEventCreate(&event));
  const std::string report = simt::leak_report();
  CHECK(simt_test::contains(report, "not freed: 1234 bytes of device memory, allocated at " + at(__FILE__, line)));
  CHECK(simt_test::contains(report, "not released: a stream, made at " + at(__FILE__, line + 1)));
  CHECK(simt_test::contains(report, "not released: an event, made at " + at(__FILE__, line + 2)));
  duel::check(cudaFree(memory));
  duel::check(cudaStreamDestroy(stream));
  duel::check(cudaEventDestroy(event));
  CHECK(simt::leak_report() == before);
}

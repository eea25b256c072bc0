// Streams and the legacy default stream: work runs later than its call, in order within a stream only.
#include <set>

#include "tests/kernels/simt/simt_test.h"

using duel::check;
using duel::DeviceBuffer;
using duel::launch;
using duel::PinnedBuffer;
using duel::Stream;
using duel::StreamView;
using simt::Schedule;
using simt_test::Diary;
using simt_test::Gate;
using simt_test::options_of;
using simt_test::Scope;

namespace streams {

__global__ void add_kernel(int* cell, int value) {
  *cell += value;
}
__global__ void multiply_kernel(int* cell, int value) {
  *cell *= value;
}

}  // namespace streams

using namespace streams;

namespace {

// A blocking stream: one that the legacy default stream is ordered with.
struct BlockingStream {
  BlockingStream() { check(cudaStreamCreate(&handle)); }
  ~BlockingStream() { static_cast<void>(cudaStreamDestroy(handle)); }
  operator StreamView() const { return StreamView(handle); }
  cudaStream_t handle = nullptr;
};

const StreamView kLegacy{nullptr};

cudaError_t query(StreamView stream) {
  return cudaStreamQuery(stream.get());
}

}  // namespace

TEST_CASE("nothing runs before the stream comes to it") {
  const Scope scope(simt::Options{});
  Stream stream;
  DeviceBuffer<int> cell(std::vector<int>{5}, stream);
  PinnedBuffer<int> seen(1);
  seen.data()[0] = -1;
  int host_calls = 0;
  const auto before = simt::counters();
  {
    Gate gate(stream);
    launch(stream, {1, 1}, add_kernel, cell.data(), 2);
    check(cudaMemcpyAsync(seen.data(), cell.data(), sizeof(int), cudaMemcpyDeviceToHost, stream.view().get()));
    check(cudaLaunchHostFunc(
        stream.view().get(), [](void* calls) { ++*static_cast<int*>(calls); }, &host_calls));
    check(cudaMemsetAsync(cell.data(), 0, sizeof(int), stream.view().get()));
    CHECK(seen.data()[0] == -1);
    CHECK(host_calls == 0);
    CHECK(simt::counters().kernels == before.kernels);
    CHECK(simt::counters().host_copies == before.host_copies);
    CHECK(query(stream) == cudaErrorNotReady);
    gate.open();
    stream.synchronize();
  }
  CHECK(seen.data()[0] == 7);
  CHECK(host_calls == 1);
  CHECK(cell.download(stream)[0] == 0);
}

TEST_CASE("a copy reads the host's memory when it runs") {
  const Scope scope(simt::Options{});
  Stream stream;
  DeviceBuffer<int> cell(1);
  PinnedBuffer<int> source(1);
  source.data()[0] = 1;
  {
    Gate gate(stream);
    cell.upload(source.span(), stream);
    source.data()[0] = 2;  // too early for correct code: a real GPU might copy either
  }
  CHECK(cell.download(stream)[0] == 2);
}

TEST_CASE("a launch copies its arguments at the call") {
  const Scope scope(simt::Options{});
  Stream stream;
  DeviceBuffer<int> cell(std::vector<int>{0}, stream);
  int value = 3;
  {
    Gate gate(stream);
    launch(stream, {1, 1}, add_kernel, cell.data(), value);
    value = 100;
  }
  CHECK(cell.download(stream)[0] == 3);
}

TEST_CASE("a stream works in order") {
  for (const auto& options : simt_test::all_schedules(2)) {
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<int> cell(std::vector<int>{1}, stream);
    Diary diary;
    diary.enter(stream, 'a');
    launch(stream, {1, 1}, add_kernel, cell.data(), 2);
    diary.enter(stream, 'b');
    launch(stream, {1, 1}, multiply_kernel, cell.data(), 10);
    diary.enter(stream, 'c');
    launch(stream, {1, 1}, add_kernel, cell.data(), 4);
    CHECK(cell.download(stream)[0] == 34);
    CHECK(diary.text() == "abc");
  }
}

TEST_CASE("independent streams run in the order of the schedule") {
  const auto order_under = [](const simt::Options& options) {
    const Scope scope(options);
    Diary diary;
    Stream gated, first, second;
    {
      Gate gate(gated);
      for (const char name : {'a', 'b'}) diary.enter(first, name);
      for (const char name : {'x', 'y'}) diary.enter(second, name);
    }
    return diary.text();
  };
  CHECK(order_under(options_of(Schedule::forward)) == "abxy");
  CHECK(order_under(options_of(Schedule::reverse)) == "xyab");
  std::set<std::string> orders;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    orders.insert(order_under(options_of(Schedule::random, seed)));
    CHECK(order_under(options_of(Schedule::random, seed)) == order_under(options_of(Schedule::random, seed)));
  }
  CHECK(orders == std::set<std::string>{"abxy", "axby", "axyb", "xaby", "xayb", "xyab"});
}

TEST_CASE("the legacy default stream waits for blocking streams and they for it") {
  const auto order_under = [](Schedule schedule, auto& stream, bool legacy_first) {
    const Scope scope(options_of(schedule));
    Diary diary;
    Stream gated;
    {
      Gate gate(gated);
      if (legacy_first) diary.enter(kLegacy, 'L');
      diary.enter(stream, 's');
      if (!legacy_first) diary.enter(kLegacy, 'L');
    }
    return diary.text();
  };
  {
    BlockingStream blocking;
    CHECK(order_under(Schedule::forward, blocking, false) == "sL");
    CHECK(order_under(Schedule::reverse, blocking, true) == "Ls");
  }
  Stream non_blocking;  // not ordered with it: each schedule runs its own first
  CHECK(order_under(Schedule::forward, non_blocking, false) == "Ls");
  CHECK(order_under(Schedule::reverse, non_blocking, true) == "sL");
}

TEST_CASE("work between two pieces of legacy work stays between them") {
  for (const auto& options : simt_test::all_schedules()) {
    const Scope scope(options);
    Diary diary;
    Stream gated;
    BlockingStream first, second;
    {
      Gate gate(gated);
      diary.enter(first, 'a');
      diary.enter(kLegacy, 'L');
      diary.enter(second, 'b');
      diary.enter(kLegacy, 'M');
      diary.enter(first, 'c');
    }
    CHECK(diary.text() == "aLbMc");
  }
}

TEST_CASE("the legacy default stream waits for a destroyed blocking stream") {
  const Scope scope(options_of(Schedule::forward));
  Diary diary;
  Stream gated;
  {
    Gate gate(gated);
    {
      BlockingStream blocking;
      diary.enter(blocking, 's');
    }
    diary.enter(kLegacy, 'L');
  }
  CHECK(diary.text() == "sL");
}

TEST_CASE("cudaMemcpy and cudaMemset return when their work is done") {
  const Scope scope(simt::Options{});
  DeviceBuffer<int> cell(1);
  int value = 6, copy = 0;
  const auto before = simt::counters();
  check(cudaMemcpy(cell.data(), &value, sizeof value, cudaMemcpyHostToDevice));
  value = 0;
  check(cudaMemcpy(&copy, cell.data(), sizeof copy, cudaMemcpyDeviceToHost));
  CHECK(copy == 6);
  check(cudaMemset(cell.data(), 0xff, sizeof value));
  check(cudaMemcpy(&copy, cell.data(), sizeof copy, cudaMemcpyDefault));
  CHECK(copy == -1);
  CHECK(simt::counters().synchronizations == before.synchronizations + 4);
}

TEST_CASE("a query says not ready then ready and is no error") {
  const Scope scope(simt::Options{});
  Stream stream;
  CHECK(query(stream) == cudaSuccess);
  {
    Gate gate(stream);
    CHECK(query(stream) == cudaErrorNotReady);
    CHECK(cudaPeekAtLastError() == cudaSuccess);
  }
  CHECK(query(stream) == cudaSuccess);
}

TEST_CASE("a stream that is destroyed with work left completes it") {
  for (const auto& options : simt_test::all_schedules(2, 3)) {
    const Scope scope(options);
    Diary diary;
    Stream gated;
    DeviceBuffer<int> cell(std::vector<int>{0}, gated);
    {
      Gate gate(gated);
      {
        Stream stream;
        for (int i = 0; i < 10; ++i) launch(stream, {1, 1}, add_kernel, cell.data(), 1);
        diary.enter(stream, 'd');
      }
      gate.open();
      check(cudaDeviceSynchronize());  // waits for it too
      CHECK(diary.text() == "d");
    }
    CHECK(cell.download(gated)[0] == 10);
  }
}

TEST_CASE("the device waits for every stream") {
  const Scope scope(simt::Options{});
  Diary diary;
  std::vector<Stream> many(20);
  for (const Stream& stream : many) diary.enter(stream, 'x');
  check(cudaDeviceSynchronize());
  CHECK(diary.text() == std::string(20, 'x'));
  for (const Stream& stream : many) CHECK(query(stream) == cudaSuccess);
}

TEST_CASE("a destroyed stream's handle is refused everywhere") {
  const Scope scope(simt::Options{});
  cudaStream_t stale = nullptr;
  check(cudaStreamCreateWithFlags(&stale, cudaStreamNonBlocking));
  check(cudaStreamDestroy(stale));
  duel::Event event;
  DeviceBuffer<int> cell(1);
  int value = 0;
  cudaGraph_t graph = nullptr;
  cudaStreamCaptureStatus status;
  cudaLaunchConfig_t config{};
  config.stream = stale;
  for (const cudaError_t result : {
           cudaStreamDestroy(stale),
           cudaStreamSynchronize(stale),
           cudaStreamQuery(stale),
           cudaStreamWaitEvent(stale, event.get()),
           cudaEventRecord(event.get(), stale),
           cudaMemcpyAsync(cell.data(), &value, sizeof value, cudaMemcpyHostToDevice, stale),
           cudaMemsetAsync(cell.data(), 0, sizeof value, stale),
           cudaLaunchHostFunc(
               stale, [](void*) {}, nullptr),
           cudaLaunchKernelEx(&config, add_kernel, cell.data(), 1),
           cudaStreamBeginCapture(stale, cudaStreamCaptureModeRelaxed),
           cudaStreamEndCapture(stale, &graph),
           cudaStreamIsCapturing(stale, &status),
       }) {
    CHECK(result == cudaErrorInvalidResourceHandle);
  }
  CHECK(cudaStreamDestroy(nullptr) == cudaErrorInvalidResourceHandle);
  CHECK(cudaGetLastError() == cudaErrorInvalidResourceHandle);
  CHECK(cudaGetLastError() == cudaSuccess);
}

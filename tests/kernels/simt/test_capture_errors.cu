// What a stream capture forbids. After each error the stream is as good as before.
#include "tests/kernels/simt/simt_test.h"

using duel::check;
using duel::DeviceBuffer;
using duel::Event;
using duel::Stream;
using duel::StreamView;
using simt_test::Diary;
using simt_test::Scope;

namespace capture_errors {

__global__ void add_kernel(int* cell, int value) {
  *cell += value;
}

}  // namespace capture_errors

using capture_errors::add_kernel;

namespace {

// A capture of one stream, begun; with what the tests need around it.
struct Capturing {
  explicit Capturing(cudaStreamCaptureMode mode = cudaStreamCaptureModeThreadLocal)
      : cell(std::vector<int>{1}, stream) {
    check(cudaStreamBeginCapture(handle(), mode));
  }
  ~Capturing() {
    if (status() != cudaStreamCaptureStatusNone) static_cast<void>(end());
    static_cast<void>(cudaGetLastError());
  }
  cudaStream_t handle() const { return stream.view().get(); }
  cudaError_t end() {
    cudaGraph_t graph = nullptr;
    const cudaError_t error = cudaStreamEndCapture(handle(), &graph);
    if (graph) check(cudaGraphDestroy(graph));
    return error;
  }
  cudaStreamCaptureStatus status() const {
    cudaStreamCaptureStatus now = cudaStreamCaptureStatusNone;
    check(cudaStreamIsCapturing(handle(), &now));
    return now;
  }
  // The call must fail so, spoil the capture, and leave the stream usable after its end.
  void check_spoils(cudaError_t result, cudaError_t expected) {
    CHECK(result == expected);
    CHECK(status() == cudaStreamCaptureStatusInvalidated);
    CHECK(cudaMemsetAsync(cell.data(), 0, sizeof(int), handle()) == cudaErrorStreamCaptureInvalidated);
    CHECK(end() == cudaErrorStreamCaptureInvalidated);
    check_usable();
  }
  void check_usable() {
    CHECK(status() == cudaStreamCaptureStatusNone);
    duel::launch(stream, {1, 1}, add_kernel, cell.data(), 1);
    CHECK(cell.download(stream)[0] == 2);
    CHECK(cudaDeviceSynchronize() == cudaSuccess);
    CHECK(cudaFree(nullptr) == cudaSuccess);
  }

  Scope scope{simt::Options{}};
  Stream stream;
  DeviceBuffer<int> cell;
};

}  // namespace

TEST_CASE_METHOD(Capturing, "a captured stream cannot be waited for") {
  SECTION("cudaStreamSynchronize") {
    check_spoils(cudaStreamSynchronize(handle()), cudaErrorStreamCaptureUnsupported);
  }
  SECTION("cudaStreamQuery") {
    check_spoils(cudaStreamQuery(handle()), cudaErrorStreamCaptureUnsupported);
  }
  SECTION("cudaDeviceSynchronize") {
    check_spoils(cudaDeviceSynchronize(), cudaErrorStreamCaptureUnsupported);
  }
}

TEST_CASE_METHOD(Capturing, "memory can be neither allocated nor freed during a capture") {
  void* memory = nullptr;
  SECTION("cudaMalloc") {
    check_spoils(cudaMalloc(&memory, 16), cudaErrorStreamCaptureUnsupported);
    CHECK(memory == nullptr);
  }
  SECTION("cudaMallocHost") {
    check_spoils(cudaMallocHost(&memory, 16), cudaErrorStreamCaptureUnsupported);
  }
  SECTION("cudaFree") {
    check_spoils(cudaFree(cell.data()), cudaErrorStreamCaptureUnsupported);
  }
  SECTION("cudaMemcpy") {
    int value = 0;
    check_spoils(cudaMemcpy(cell.data(), &value, sizeof value, cudaMemcpyHostToDevice),
                 cudaErrorStreamCaptureUnsupported);
  }
  SECTION("cudaMemset") {
    check_spoils(cudaMemset(cell.data(), 0, sizeof(int)), cudaErrorStreamCaptureUnsupported);
  }
}

TEST_CASE_METHOD(Capturing, "the legacy default stream cannot work beside a capture") {
  SECTION("work") {
    check_spoils(cudaMemsetAsync(cell.data(), 0, sizeof(int), nullptr), cudaErrorStreamCaptureImplicit);
  }
  SECTION("waiting for a captured event") {
    Event event;
    event.record(stream);
    check_spoils(cudaStreamWaitEvent(nullptr, event.get()), cudaErrorStreamCaptureImplicit);
    CHECK(cudaMemset(cell.data(), 0, sizeof(int)) == cudaSuccess);
  }
}

TEST_CASE("a relaxed capture allows what others forbid") {
  Capturing capturing(cudaStreamCaptureModeRelaxed);
  void* memory = nullptr;
  CHECK(cudaMalloc(&memory, 16) == cudaSuccess);
  CHECK(cudaFree(memory) == cudaSuccess);
  CHECK(cudaDeviceSynchronize() == cudaSuccess);
  CHECK(capturing.status() == cudaStreamCaptureStatusActive);
  CHECK(capturing.end() == cudaSuccess);
  capturing.check_usable();
}

TEST_CASE_METHOD(Capturing, "work forked to another stream must be joined") {
  Diary diary;
  Stream side;
  Event forked;
  forked.record(stream);
  check(cudaStreamWaitEvent(side.view().get(), forked.get()));
  diary.enter(side, 'a');
  CHECK(end() == cudaErrorStreamCaptureUnjoined);
  check_usable();
  diary.enter(side, 'b');  // the side stream has left the capture too
  side.synchronize();
  CHECK(diary.text() == "b");
}

TEST_CASE_METHOD(Capturing, "a capture does not depend on work outside of it") {
  Stream outside;
  Event event;
  event.record(outside);
  check_spoils(cudaStreamWaitEvent(handle(), event.get()), cudaErrorStreamCaptureIsolation);
}

TEST_CASE_METHOD(Capturing, "two captures cannot be joined") {
  Stream other;
  check(cudaStreamBeginCapture(other.view().get(), cudaStreamCaptureModeThreadLocal));
  Event event;
  event.record(other);
  CHECK(cudaStreamWaitEvent(handle(), event.get()) == cudaErrorStreamCaptureIsolation);
  cudaGraph_t graph = nullptr;
  CHECK(cudaStreamEndCapture(other.view().get(), &graph) == cudaSuccess);
  CHECK(cudaGraphDestroy(graph) == cudaSuccess);
}

TEST_CASE_METHOD(Capturing, "a captured event cannot be asked") {
  Event event;
  event.record(stream);
  CHECK(cudaEventQuery(event.get()) == cudaErrorCapturedEvent);
  CHECK(cudaEventSynchronize(event.get()) == cudaErrorCapturedEvent);
  CHECK(end() == cudaSuccess);

  // Nor does it order anything once the capture has ended: a stream that waits for it must not vanish into the graph.
  CHECK(cudaStreamWaitEvent(handle(), event.get()) == cudaErrorCapturedEvent);
  check_usable();
  event.record(stream);  // a record outside makes it a plain event again
  event.synchronize();
  CHECK(cudaStreamWaitEvent(handle(), event.get()) == cudaSuccess);
}

TEST_CASE_METHOD(Capturing, "a capture begins once and ends where it began") {
  CHECK(cudaStreamBeginCapture(handle(), cudaStreamCaptureModeThreadLocal) == cudaErrorIllegalState);
  Stream side;
  Event forked, joined;
  forked.record(stream);
  check(cudaStreamWaitEvent(side.view().get(), forked.get()));
  cudaGraph_t graph = nullptr;
  CHECK(cudaStreamEndCapture(side.view().get(), &graph) == cudaErrorStreamCaptureUnmatched);
  CHECK(graph == nullptr);
  joined.record(side);
  check(cudaStreamWaitEvent(handle(), joined.get()));
  CHECK(end() == cudaSuccess);
  CHECK(end() == cudaErrorIllegalState);
  CHECK(cudaStreamBeginCapture(nullptr, cudaStreamCaptureModeThreadLocal) == cudaErrorStreamCaptureUnsupported);
  check_usable();
}

TEST_CASE_METHOD(Capturing, "a graph is not launched into a capture") {
  Stream other;
  Diary diary;
  check(cudaStreamBeginCapture(other.view().get(), cudaStreamCaptureModeThreadLocal));
  diary.enter(other, 'a');
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t executable = nullptr;
  check(cudaStreamEndCapture(other.view().get(), &graph));
  check(cudaGraphInstantiate(&executable, graph));
  CHECK(cudaGraphLaunch(executable, handle()) == cudaErrorStreamCaptureUnsupported);
  check(cudaGraphExecDestroy(executable));
  check(cudaGraphDestroy(graph));
}

TEST_CASE("a stream that is destroyed while it is captured ends the capture") {
  const Scope scope(simt::Options{});
  {
    Stream stream;
    check(cudaStreamBeginCapture(stream.view().get(), cudaStreamCaptureModeGlobal));
  }
  void* memory = nullptr;
  CHECK(cudaMalloc(&memory, 16) == cudaSuccess);
  CHECK(cudaFree(memory) == cudaSuccess);
  CHECK(cudaDeviceSynchronize() == cudaSuccess);
}

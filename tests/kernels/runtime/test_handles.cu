// Owners of streams, events and graphs: move-only, and each releases its handle once.
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "kernels/runtime/buffer.h"
#include "kernels/runtime/handles.h"
#include "kernels/runtime/launch.h"
#include "tests/support/catch.h"

using duel::check;
using duel::CudaError;
using duel::DeviceBuffer;
using duel::Event;
using duel::EventTiming;
using duel::Graph;
using duel::launch;
using duel::PinnedBuffer;
using duel::Stream;
using duel::StreamView;

namespace {

__global__ void add_kernel(int* cell, int value) {
  *cell += value;
}

DeviceBuffer<int> cell_with(int value, StreamView stream) {
  return DeviceBuffer<int>(std::vector<int>{value}, stream);
}

template <class T>
constexpr bool kMoveOnly = std::is_nothrow_move_constructible_v<T>&& std::is_nothrow_move_assignable_v<T> &&
                           !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;

}  // namespace

static_assert(kMoveOnly<Stream>);
static_assert(kMoveOnly<Event>);
static_assert(kMoveOnly<Graph>);
static_assert(kMoveOnly<DeviceBuffer<float>>);
static_assert(kMoveOnly<PinnedBuffer<float>>);

TEST_CASE("a stream moves with its work") {
  Stream first;
  const cudaStream_t handle = first.view().get();
  auto cell = cell_with(1, first);
  launch(first, {1, 1}, add_kernel, cell.data(), 4);
  Stream second = std::move(first);
  CHECK(second.view().get() == handle);
  CHECK(cell.download(second) == std::vector<int>{5});
  Stream third;
  third = std::move(second);
  CHECK(third.view().get() == handle);
  CHECK_NOTHROW(third.synchronize());
}

TEST_CASE("an event orders streams and measures time") {
  Stream first, second;
  auto cell = cell_with(1, first);
  Event start(EventTiming::on), end(EventTiming::on);
  start.record(first);
  launch(first, {1, 1}, add_kernel, cell.data(), 4);
  end.record(first);
  check(cudaStreamWaitEvent(second.view().get(), end.get(), 0));
  CHECK(cell.download(second) == std::vector<int>{5});
  end.synchronize();
  CHECK(duel::elapsed_milliseconds(start, end) >= 0);
  Event untimed;
  untimed.record(first);
  untimed.synchronize();
  CHECK_THROWS_AS(duel::elapsed_milliseconds(start, untimed), CudaError);
  static_cast<void>(cudaGetLastError());
}

TEST_CASE("a default graph is empty handed") {
  const Graph none;
  CHECK_FALSE(none);
  CHECK(none.nodes() == 0);
}

TEST_CASE("a graph replays what was recorded") {
  Stream stream;
  auto cell = cell_with(0, stream);
  int value = 3;
  Graph graph = Graph::capture(stream, [&](StreamView captured) {
    launch(captured, {1, 1}, add_kernel, cell.data(), value);
    launch(captured, {1, 1}, add_kernel, cell.data(), 10);
  });
  value = 1000;
  CHECK(graph);
  CHECK(graph.nodes() == 2);
  CHECK(cell.download(stream) == std::vector<int>{0});
  for (int replay = 0; replay < 4; ++replay) graph.launch(stream);
  CHECK(cell.download(stream) == std::vector<int>{52});

  const Graph moved = std::move(graph);
  moved.launch(stream);
  CHECK(cell.download(stream) == std::vector<int>{65});
}

TEST_CASE("a recorder that throws leaves the stream usable") {
  Stream stream;
  auto cell = cell_with(0, stream);
  CHECK_THROWS_AS(Graph::capture(stream,
                                 [&](StreamView captured) {
                                   launch(captured, {1, 1}, add_kernel, cell.data(), 1);
                                   throw std::length_error("no");
                                 }),
                  std::length_error);
  CHECK_THROWS_AS(Graph::capture(stream, [&](StreamView captured) { captured.synchronize(); }), CudaError);
  static_cast<void>(cudaGetLastError());
  cudaStreamCaptureStatus status = cudaStreamCaptureStatusActive;
  check(cudaStreamIsCapturing(stream.view().get(), &status));
  CHECK(status == cudaStreamCaptureStatusNone);
  launch(stream, {1, 1}, add_kernel, cell.data(), 7);
  CHECK(cell.download(stream) == std::vector<int>{7});  // what was recorded never ran
  const Graph graph = Graph::capture(stream, [&](StreamView captured) {
    launch(captured, {1, 1}, add_kernel, cell.data(), 1);
  });
  graph.launch(stream);
  CHECK(cell.download(stream) == std::vector<int>{8});
}

TEST_CASE("an allocation within a recorder is an error") {
  Stream stream;
  CHECK_THROWS_AS(Graph::capture(stream, [&](StreamView) { DeviceBuffer<int> buffer(4); }), CudaError);
  static_cast<void>(cudaGetLastError());
  CHECK_NOTHROW(DeviceBuffer<int>(4));
}

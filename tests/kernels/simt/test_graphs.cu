// Graphs: capture runs nothing, a replay uses the arguments of the capture and keeps to the dependences.
#include <set>

#include "tests/kernels/simt/simt_test.h"

using duel::check;
using duel::DeviceBuffer;
using duel::Event;
using duel::Graph;
using duel::launch;
using duel::Stream;
using duel::StreamView;
using simt::Schedule;
using simt_test::Diary;
using simt_test::Gate;
using simt_test::options_of;
using simt_test::Scope;

namespace graphs {

struct Step {
  int add, times;
};

__global__ void step_kernel(int* cell, Step step) {
  *cell = (*cell + step.add) * step.times;
}

}  // namespace graphs

using namespace graphs;

namespace {

void wait(StreamView stream, const Event& event) {
  check(cudaStreamWaitEvent(stream.get(), event.get()));
}

// a, then b and c side by side, then d.
struct Diamond {
  explicit Diamond(StreamView origin) {
    graph = Graph::capture(origin, [&](StreamView stream) {
      diary.enter(stream, 'a');
      forked.record(stream);
      wait(side, forked);
      diary.enter(side, 'c');
      joined.record(side);
      diary.enter(stream, 'b');
      wait(stream, joined);
      diary.enter(stream, 'd');
    });
  }
  Diary diary;
  Stream side;
  Event forked, joined;
  Graph graph;
};

}  // namespace

TEST_CASE("capture runs nothing and every replay runs all") {
  for (const auto& options : simt_test::all_schedules(2, 3)) {
    const Scope scope(options);
    Stream stream;
    DeviceBuffer<int> cell(std::vector<int>{1}, stream), copy(std::vector<int>{0}, stream);
    const auto before = simt::counters();
    const Graph graph = Graph::capture(stream, [&](StreamView captured) {
      launch(captured, {1, 1}, step_kernel, cell.data(), Step{1, 2});
      check(cudaMemcpyAsync(copy.data(), cell.data(), sizeof(int), cudaMemcpyDeviceToDevice, captured.get()));
      launch(captured, {1, 1}, step_kernel, cell.data(), Step{-3, 1});
    });
    CHECK(graph.nodes() == 3);
    stream.synchronize();
    CHECK(simt::counters().kernels == before.kernels);
    CHECK(cell.download(stream)[0] == 1);
    int expected = 1;
    for (int replay = 0; replay < 7; ++replay) {
      graph.launch(stream);
      expected = 2 * (expected + 1) - 3;
    }
    CHECK(cell.download(stream)[0] == expected);
    CHECK(copy.download(stream)[0] == expected + 3);
    CHECK(simt::counters().kernels == before.kernels + 14);
    CHECK(simt::counters().graph_launches == before.graph_launches + 7);
  }
}

TEST_CASE("a graph keeps the arguments of its capture") {
  const Scope scope(simt::Options{});
  Stream stream;
  DeviceBuffer<int> cell(std::vector<int>{0}, stream), other(std::vector<int>{0}, stream);
  Step step{5, 1};
  int* target = cell.data();
  const Graph graph = Graph::capture(stream, [&](StreamView captured) {
    launch(captured, {1, 1}, step_kernel, target, step);
  });
  step = {1000, 0};
  target = other.data();
  graph.launch(stream);
  graph.launch(stream);
  CHECK(cell.download(stream)[0] == 10);
  CHECK(other.download(stream)[0] == 0);
}

TEST_CASE("a captured copy reads the host's memory at each replay") {
  const Scope scope(simt::Options{});
  Stream stream;
  DeviceBuffer<int> cell(1);
  duel::PinnedBuffer<int> source(1);
  source.data()[0] = 1;
  const Graph graph = Graph::capture(stream, [&](StreamView captured) { cell.upload(source.span(), captured); });
  for (const int value : {20, 30}) {
    source.data()[0] = value;
    graph.launch(stream);
    CHECK(cell.download(stream)[0] == value);
  }
}

TEST_CASE("a graph is launched later than the call and in the order of its stream") {
  const Scope scope(options_of(Schedule::forward));
  Stream stream;
  Diary diary;
  const Graph graph = Graph::capture(stream, [&](StreamView captured) { diary.enter(captured, 'g'); });
  {
    Gate gate(stream);
    diary.enter(stream, 'a');
    graph.launch(stream);
    diary.enter(stream, 'b');
    graph.launch(stream);
    CHECK(diary.text() == "");
  }
  CHECK(diary.text() == "agbg");
}

TEST_CASE("fork and join by events over two streams") {
  const Scope scope(options_of(Schedule::forward));
  Stream stream;
  Diamond diamond(stream);
  CHECK(diamond.graph.nodes() == 4);
  cudaStreamCaptureStatus status = cudaStreamCaptureStatusActive;
  CHECK(cudaStreamIsCapturing(diamond.side.view().get(), &status) == cudaSuccess);
  CHECK(status == cudaStreamCaptureStatusNone);
  diamond.graph.launch(stream);
  stream.synchronize();
  CHECK(diamond.diary.text() == "acbd");  // forward is the order of the recording

  diamond.diary.clear();
  diamond.diary.enter(diamond.side, 'e');  // the side stream works as before
  diamond.side.synchronize();
  CHECK(diamond.diary.text() == "e");
}

TEST_CASE("a replay keeps to the dependences under every schedule") {
  std::set<std::string> orders;
  for (const auto& options : simt_test::all_schedules(1, 30)) {
    const Scope scope(options);
    Stream stream;
    Diamond diamond(stream);
    diamond.graph.launch(stream);
    stream.synchronize();
    orders.insert(diamond.diary.text());
    if (options.schedule == Schedule::reverse) CHECK(diamond.diary.text() == "abcd");
  }
  CHECK(orders == std::set<std::string>{"abcd", "acbd"});  // both orders that are allowed, and no other
}

TEST_CASE("independent chains of a graph mix under a random schedule") {
  std::set<std::string> orders;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Scope scope(options_of(Schedule::random, seed));
    Diary diary;
    Stream stream, side;
    Event forked, joined;
    const Graph graph = Graph::capture(stream, [&](StreamView captured) {
      forked.record(captured);
      wait(side, forked);
      for (const char name : {'a', 'b'}) diary.enter(captured, name);
      for (const char name : {'x', 'y'}) diary.enter(side, name);
      joined.record(side);
      wait(captured, joined);
    });
    graph.launch(stream);
    stream.synchronize();
    orders.insert(diary.text());
  }
  CHECK(orders == std::set<std::string>{"abxy", "axby", "axyb", "xaby", "xayb", "xyab"});
}

TEST_CASE("an empty graph runs nothing") {
  for (const auto& options : simt_test::all_schedules(1, 1)) {
    const Scope scope(options);
    Stream stream;
    const Graph graph = Graph::capture(stream, [](StreamView) {});
    CHECK(graph.nodes() == 0);
    graph.launch(stream);
    stream.synchronize();
  }
}

TEST_CASE("an executable graph outlives the graph and a launch the executable") {
  const Scope scope(simt::Options{});
  Stream stream;
  Diary diary;
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t executable = nullptr;
  check(cudaStreamBeginCapture(stream.view().get(), cudaStreamCaptureModeGlobal));
  diary.enter(stream, 'a');
  diary.enter(stream, 'b');
  check(cudaStreamEndCapture(stream.view().get(), &graph));

  cudaGraphNode_t nodes[3] = {};
  std::size_t count = 3;
  check(cudaGraphGetNodes(graph, nodes, &count));
  CHECK(count == 2);
  CHECK((nodes[0] && nodes[1] && nodes[0] != nodes[1] && !nodes[2]));
  check(cudaGraphInstantiate(&executable, graph));
  check(cudaGraphDestroy(graph));
  check(cudaGraphLaunch(executable, stream.view().get()));
  stream.synchronize();
  CHECK(diary.text() == "ab");
  {
    Gate gate(stream);
    check(cudaGraphLaunch(executable, stream.view().get()));
    check(cudaGraphExecDestroy(executable));
  }
  CHECK(diary.text() == "abab");

  CHECK(cudaGraphDestroy(graph) == cudaErrorInvalidResourceHandle);
  CHECK(cudaGraphExecDestroy(executable) == cudaErrorInvalidResourceHandle);
  CHECK(cudaGraphLaunch(executable, stream.view().get()) == cudaErrorInvalidResourceHandle);
  CHECK(cudaGraphInstantiate(&executable, graph) == cudaErrorInvalidValue);
  CHECK(cudaGraphGetNodes(graph, nullptr, &count) == cudaErrorInvalidValue);
  static_cast<void>(cudaGetLastError());
}

TEST_CASE("a fault within a graph ends it") {
  const Scope scope(options_of(Schedule::forward));
  Stream stream;
  Diary diary;
  const Graph graph = Graph::capture(stream, [&](StreamView captured) {
    diary.enter(captured, 'a');
    launch(
        captured, {1, 1}, +[]() { __trap(); });
    diary.enter(captured, 'b');
  });
  graph.launch(stream);
  CHECK(cudaStreamSynchronize(stream.view().get()) == cudaErrorLaunchFailure);
  CHECK(diary.text() == "a");
}

// Random programs over several streams, events and graphs, compared with the same steps done one after another.
#include <array>
#include <random>
#include <thread>

#include "tests/kernels/simt/simt_test.h"

using duel::check;
using duel::DeviceBuffer;
using duel::Event;
using duel::Graph;
using duel::launch;
using duel::Stream;
using duel::StreamView;
using simt::Schedule;
using simt_test::Scope;

namespace stress {

constexpr int kCount = 48, kBuffers = 4, kStreams = 3;

// y = 3 y + rotated x + c, the rotation through shared memory, block sums through a shuffle.
__global__ void mix_kernel(unsigned* y, const unsigned* x, unsigned c) {
  __shared__ unsigned tile[kCount];
  const unsigned t = threadIdx.x;
  tile[t] = x[t];
  __syncthreads();
  unsigned value = 3 * y[t] + tile[(t + 5) % kCount] + c;
  value += __shfl_xor_sync(0xffffffffu, value, 1);
  y[t] = value;
}

}  // namespace stress

using namespace stress;

namespace {

using Values = std::array<unsigned, kCount>;

void mix_on_host(Values& y, const Values& x, unsigned c) {
  Values value;
  for (unsigned t = 0; t < kCount; ++t) value[t] = 3 * y[t] + x[(t + 5) % kCount] + c;
  for (unsigned t = 0; t < kCount; ++t) y[t] = value[t] + value[t ^ 1];
}

struct Step {
  int stream, to, from;
  unsigned constant;
  enum { mix, copy, fill } kind;
};

std::vector<Step> random_steps(std::mt19937& random, int count) {
  const auto below = [&](unsigned limit) { return static_cast<int>(random() % limit); };
  std::vector<Step> steps;
  for (int i = 0; i < count; ++i) {
    const int to = below(kBuffers), kind = below(8);
    steps.push_back({below(kStreams), to, (to + 1 + below(kBuffers - 1)) % kBuffers, static_cast<unsigned>(random()),
                     kind == 0   ? Step::fill
                     : kind == 1 ? Step::copy
                                 : Step::mix});
  }
  return steps;
}

// Buffers on the device and on the host, and streams to work on them.
class Machine {
 public:
  Machine() {
    for (int b = 0; b < kBuffers; ++b) {
      for (int i = 0; i < kCount; ++i) host_[b][i] = static_cast<unsigned>(b * 1000 + i);
      device_[b] = DeviceBuffer<unsigned>(host_[b], streams_[0]);
    }
  }

  void do_on_host(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      if (step.kind == Step::mix) mix_on_host(host_[step.to], host_[step.from], step.constant);
      if (step.kind == Step::copy) host_[step.to] = host_[step.from];
      if (step.kind == Step::fill) host_[step.to].fill(0x01010101u * (step.constant % 256));
    }
  }

  // From stream 0 and back to it. `wait`: streams wait for the last step that touched a buffer.
  void enqueue(const std::vector<Step>& steps, bool wait) {
    std::vector<Event> done(steps.size() + 1), joins(kStreams);
    std::array<int, kBuffers> last{};  // step + 1 that touched the buffer last; 0: the start
    done[0].record(streams_[0]);
    for (const Stream& stream : streams_) wait_for(stream, done[0]);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Step& step = steps[i];
      const Stream& stream = streams_[step.stream];
      if (wait) {
        wait_for(stream, done[last[step.to]]);
        wait_for(stream, done[last[step.from]]);
      }
      enqueue(step, stream);
      done[i + 1].record(stream);
      last[step.to] = last[step.from] = static_cast<int>(i + 1);
    }
    for (int s = 1; s < kStreams; ++s) {
      joins[s].record(streams_[s]);
      wait_for(streams_[0], joins[s]);
    }
  }

  Graph capture(const std::vector<Step>& steps, bool wait) {
    return Graph::capture(streams_[0], [&](StreamView) { enqueue(steps, wait); });
  }
  void launch_graph(const Graph& graph) { graph.launch(streams_[0]); }

  bool as_on_host() const {
    for (int b = 0; b < kBuffers; ++b) {
      if (device_[b].download(streams_[0]) != std::vector<unsigned>(host_[b].begin(), host_[b].end())) return false;
    }
    return true;
  }

 private:
  static void wait_for(StreamView stream, const Event& event) { check(cudaStreamWaitEvent(stream.get(), event.get())); }
  void enqueue(const Step& step, StreamView stream) {
    unsigned* to = device_[step.to].data();
    const unsigned* from = device_[step.from].data();
    constexpr std::size_t kBytes = kCount * sizeof(unsigned);
    if (step.kind == Step::mix) launch(stream, {1, kCount}, mix_kernel, to, from, step.constant);
    if (step.kind == Step::copy) check(cudaMemcpyAsync(to, from, kBytes, cudaMemcpyDeviceToDevice, stream.get()));
    if (step.kind == Step::fill)
      check(cudaMemsetAsync(to, static_cast<int>(step.constant % 256), kBytes, stream.get()));
  }

  std::array<Stream, kStreams> streams_;
  std::array<Values, kBuffers> host_;
  std::array<DeviceBuffer<unsigned>, kBuffers> device_;
};

// Streams, then a graph replayed twice, then streams again. Whether the device ends where the host does.
bool run_program(std::uint32_t seed, bool wait) {
  std::mt19937 random(seed);
  const auto before = random_steps(random, 6), within = random_steps(random, 8), after = random_steps(random, 6);
  simt::Options options = simt_test::options_of(static_cast<Schedule>(seed % 3), seed, 1 + static_cast<int>(seed % 4));
  options.check_guards = seed % 2 == 0;
  const Scope scope(options);
  Machine machine;
  machine.enqueue(before, wait);
  const Graph graph = machine.capture(within, wait);
  machine.launch_graph(graph);
  machine.launch_graph(graph);
  machine.enqueue(after, wait);
  for (const auto* steps : {&before, &within, &within, &after}) machine.do_on_host(*steps);
  return machine.as_on_host();
}

// The same without waits: a wrong result, or, in checked builds, an error.
bool goes_wrong(std::uint32_t seed) {
  try {
    return !run_program(seed, false);
  } catch (const duel::CudaError&) {
    return true;
  }
}

}  // namespace

TEST_CASE("random programs over streams and graphs give what their steps give one after another") {
  for (std::uint32_t seed = 0; seed < 250; ++seed) {
    INFO("seed " << seed);
    REQUIRE(run_program(seed, true));
  }
}

TEST_CASE("planted: streams that do not wait for each other") {
  int wrong = 0;
  for (std::uint32_t seed = 0; seed < 60; ++seed) wrong += goes_wrong(seed);
  CHECK(wrong > 20);
}

TEST_CASE("host threads use the device at the same time") {
  const Scope scope(simt_test::options_of(Schedule::random, 3, 3));
  std::array<bool, 4> right{};
  const auto work = [&](std::size_t t) {
    Machine machine;
    std::mt19937 random(static_cast<std::uint32_t>(t));
    for (int round = 0; round < 20; ++round) {
      const auto steps = random_steps(random, 5);
      machine.enqueue(steps, true);
      machine.do_on_host(steps);
    }
    right[t] = machine.as_on_host();
  };
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < right.size(); ++t) threads.emplace_back(work, t);
  for (std::thread& thread : threads) thread.join();
  CHECK(right == std::array<bool, 4>{true, true, true, true});
}

#include "engine/measure/ceilings.h"

#include <algorithm>
#include <cstdint>

#include "engine/measure/copy.h"
#include "engine/measure/multiply_add.h"
#include "kernels/runtime/buffer.h"

namespace duel {
namespace {

// The fastest of few launches would be too slow on a machine that others use.
constexpr double kSecondsOfRepeating = 0.25;
constexpr int kLeastRepetitions = 5;
// Long beside what a launch costs.
constexpr double kSecondsOfLaunch = 2e-3;

// Seconds that the device takes for what `enqueue` enqueues.
template <class Enqueue>
double seconds_of(StreamView stream, const Enqueue& enqueue) {
  Event start{EventTiming::on}, end{EventTiming::on};
  start.record(stream);
  enqueue();
  end.record(stream);
  end.synchronize();
  return std::max(1e-3 * elapsed_milliseconds(start, end), 1e-9);
}

template <class Enqueue>
double fastest_of(double seconds, StreamView stream, const Enqueue& enqueue) {
  double fastest = seconds_of(stream, enqueue), sum = fastest;
  for (int i = 1; i < kLeastRepetitions || sum < seconds; ++i) {
    const double one = seconds_of(stream, enqueue);
    fastest = std::min(fastest, one);
    sum += one;
  }
  return fastest;
}

// How often `enqueue(times)` does its work so that it takes long enough, also where nothing disturbs it.
template <class Enqueue>
int times_for_a_launch(StreamView stream, int first, const Enqueue& enqueue) {
  constexpr int kMost = 1 << 24;
  int times = first;
  while (times < kMost && fastest_of(0, stream, [&] { enqueue(times); }) < kSecondsOfLaunch) times *= 2;
  return times;
}

}  // namespace

double measure_flops_per_second() {
  const Stream stream;
  const DeviceBuffer<float> sink(multiply_add_threads());
  double operations = 0;
  const auto enqueue = [&](int steps) { operations = enqueue_multiply_adds(sink.vector(), steps, stream); };
  const int steps = times_for_a_launch(stream, 256, enqueue);
  const double seconds = fastest_of(kSecondsOfRepeating, stream, [&] { enqueue(steps); });
  return operations / seconds;
}

double measure_copy_bytes_per_second(std::size_t bytes) {
  const Stream stream;
  const std::size_t half = std::max<std::size_t>(1, bytes / 2 / sizeof(float4));
  const DeviceBuffer<float4> memory(2 * half);
  check(cudaMemsetAsync(memory.data(), 0, memory.bytes(), stream.view().get()));
  const auto enqueue = [&](int copies) {
    for (int i = 0; i < copies; ++i) enqueue_copy(memory.data(), memory.data() + half, half, stream);
  };
  const int copies = times_for_a_launch(stream, 1, enqueue);
  const double seconds = fastest_of(kSecondsOfRepeating, stream, [&] { enqueue(copies); });
  return static_cast<double>(copies) * static_cast<double>(memory.bytes()) / seconds;
}

}  // namespace duel

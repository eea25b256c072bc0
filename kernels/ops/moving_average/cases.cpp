#include "kernels/ops/moving_average/cases.h"

#include <cmath>
#include <string>

namespace duel::verify {
namespace {

using Average = MovingAverage<float>;

// Iteration 799 is one whose average moves for every interval of the cases.
MovingAverage<double> make(HostTensors& host, const Average& shapes) {
  return moving_average_case(host, shapes.average.rows, 799, shapes);
}

Average shapes_of(int count) {
  Average a{};
  a.value = shape<const float>(count);
  a.average = shape<float>(count);
  a.decay = 0.999;
  a.interval = 8;
  a.clock = shape<const TrainingClock>(1);
  return a;
}

std::vector<Case<Average>> cases() {
  std::vector<Case<Average>> result;
  const auto add = [&](int count, const std::string& note, int misalignment, bool of_training) {
    result.push_back({std::to_string(count) + note, shapes_of(count), misalignment, of_training});
  };
  add(1513616, " (the published generator)", 0, true);
  for (const int count : {1, 2, 3, 4, 5, 63, 64, 65, 1023, 1024, 1025, 16383, 16385}) add(count, "", 0, false);
  for (const int misalignment : {1, 2, 3}) {
    add(4099, ", " + std::to_string(misalignment) + " elements off", misalignment, false);
  }
  return result;
}

}  // namespace

MovingAverage<double> moving_average_case(HostTensors& host, int count, std::uint64_t iteration,
                                          const MovingAverage<float>& scalars) {
  MovingAverage<double> a{};
  a.decay = scalars.decay;
  a.interval = scalars.interval;
  a.value = host.uniform(count, -1, 1);
  a.average = host.uniform(count, -1, 1);
  a.clock = host.vector<TrainingClock>({{iteration, 3, 0}});
  return a;
}

// The share is off by eight roundings (1 - decay, its logarithm, a product, expm1), the difference, product and sum by
// one each.
Bounds moving_average_bounds(const MovingAverage<double>& before, const MovingAverage<double>& after) {
  std::vector<double> average;
  for (std::size_t i = 0; i < before.average.size(); ++i) {
    const double moved = std::abs(after.average.data[i] - before.average.data[i]);
    average.push_back(kRounding * (10 * moved + std::abs(after.average.data[i])));
  }
  Bounds bounds;
  bounds.set("average", std::move(average));
  return bounds;
}

OpCases<MovingAverage<double>, Average> moving_average_cases() {
  return {moving_average_op(),
          moving_average_reference,
          make,
          moving_average_bounds,
          cases,
          nullptr,
          {{{"count", 1 << 20}}, [](const std::vector<int>& n) { return shapes_of(n[0]); }}};
}

}  // namespace duel::verify

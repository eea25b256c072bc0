#include <algorithm>
#include <cmath>

#include "kernels/ops/moving_average/moving_average.h"

namespace duel {

void moving_average_reference(const MovingAverage<double>& a) {
  const std::uint64_t iteration = a.clock.data[0].iteration;
  if ((iteration + 1) % static_cast<std::uint64_t>(a.interval) != 0) return;
  const auto t = static_cast<double>(iteration);
  const double rest = 1 - std::pow(std::min(a.decay, (1 + t) / (10 + t)), a.interval);
  for (std::size_t i = 0; i < a.average.size(); ++i) a.average.data[i] += rest * (a.value.data[i] - a.average.data[i]);
}

}  // namespace duel

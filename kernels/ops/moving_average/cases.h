// Cases and bounds of moving_average.
#pragma once

#include "kernels/ops/moving_average/moving_average.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

/// `count` values and their average at the end of `iteration`.
MovingAverage<double> moving_average_case(HostTensors& host, int count, std::uint64_t iteration,
                                          const MovingAverage<float>& scalars);

Bounds moving_average_bounds(const MovingAverage<double>& before, const MovingAverage<double>& after);

OpCases<MovingAverage<double>, MovingAverage<float>> moving_average_cases();

}  // namespace duel::verify

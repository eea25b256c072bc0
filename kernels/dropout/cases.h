// Cases and bounds of dropout.
#pragma once

#include "kernels/dropout/dropout.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

/// Values from -1 to 1; the scalars are those of `scalars`.
Dropout<double> dropout_case(HostTensors& host, int rows, int columns, const Dropout<float>& scalars);

Bounds dropout_bounds(const Dropout<double>& a);

OpCases<Dropout<double>, Dropout<float>> dropout_cases();

}  // namespace duel::verify

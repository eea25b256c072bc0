// Cases and bounds of adam.
#pragma once

#include "kernels/adam/adam.h"
#include "kernels/verify/op_cases.h"

namespace duel {

/// For comparisons with the reference: the counter exactly; the corrections in double, where powers of libraries may
/// differ in the last bits.
bool agrees(const AdamProgress& actual, const AdamProgress& expected);

namespace verify {

/// `count` parameters with gradients near 1e-3, as in training; `step` updates were done before.
AdamUpdate<double> adam_case(HostTensors& host, int count, std::int64_t step, const AdamUpdate<float>& scalars);

Bounds adam_bounds(const AdamUpdate<double>& before, const AdamUpdate<double>& after);

OpCases<AdamUpdate<double>, AdamUpdate<float>> adam_cases();

}  // namespace verify
}  // namespace duel

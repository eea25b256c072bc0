// Cases and bounds of sgd_momentum.
#pragma once

#include "kernels/sgd_momentum/sgd_momentum.h"
#include "kernels/verify/op_cases.h"

namespace duel {

/// For comparisons with the reference: the counter exactly; the rates in double, where powers of libraries may differ
/// in the last bits.
bool agrees(const SgdProgress& actual, const SgdProgress& expected);

namespace verify {

/// `count` parameters in epoch 100, after `step` updates.
SgdMomentum<double> sgd_case(HostTensors& host, int count, std::int64_t step, const SgdSchedule& schedule);

Bounds sgd_momentum_bounds(const SgdMomentum<double>& before, const SgdMomentum<double>& after);

OpCases<SgdMomentum<double>, SgdMomentum<float>> sgd_momentum_cases();

}  // namespace verify
}  // namespace duel

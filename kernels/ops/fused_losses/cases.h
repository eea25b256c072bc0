// Cases and bounds of fused_losses.
#pragma once

#include "kernels/ops/fused_losses/fused_losses.h"
#include "kernels/verify/op_cases.h"
#include "kernels/verify/optimizer_cases.h"

namespace duel::verify {

OpCases<FusedLosses<double>, FusedLosses<float>> fused_losses_cases();

}  // namespace duel::verify

// Cases and bounds of mean_losses.
#pragma once

#include "kernels/ops/mean_losses/mean_losses.h"
#include "kernels/verify/op_cases.h"
#include "kernels/verify/optimizer_cases.h"

namespace duel::verify {

OpCases<MeanLosses<double>, MeanLosses<float>> mean_losses_cases();

}  // namespace duel::verify

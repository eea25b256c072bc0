// Cases and bounds of discriminator_head.
#pragma once

#include "kernels/ops/discriminator_head/discriminator_head.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<DiscriminatorHead<double>, DiscriminatorHead<float>> discriminator_head_cases();

}  // namespace duel::verify

#pragma once

#include "kernels/ops/discriminator_head/discriminator_head.h"

namespace duel {

void discriminator_head_library(const DiscriminatorHead<float>& arguments,
                                StreamView stream);  // kernels/libraries/library.h

}  // namespace duel

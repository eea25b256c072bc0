#pragma once

#include "kernels/ops/dropout/dropout.h"

namespace duel {

void dropout_lanes(const Dropout<float>& arguments, StreamView stream);
void dropout_one_thread(const Dropout<float>& arguments, StreamView stream);  // host builds only

}  // namespace duel

// The variants of dropout, for its table.
#pragma once

#include "kernels/ops/dropout/dropout.h"

namespace duel {

void dropout_four_values(const Dropout<float>& arguments, StreamView stream);
void dropout_run_per_thread(const Dropout<float>& arguments, StreamView stream);

}  // namespace duel

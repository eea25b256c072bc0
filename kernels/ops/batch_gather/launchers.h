// The variants of batch_gather, for its table.
#pragma once

#include "kernels/ops/batch_gather/batch_gather.h"

namespace duel {

void batch_gather_block_per_row(const BatchGather<float>& arguments, StreamView stream);
void batch_gather_thread_per_row(const BatchGather<float>& arguments, StreamView stream);

}  // namespace duel

// The variants of adam, for its table.
#pragma once

#include "kernels/adam/adam.h"

namespace duel {

void adam_four_values_per_thread(const AdamUpdate<float>& arguments, StreamView stream);
void adam_chunk_per_thread(const AdamUpdate<float>& arguments, StreamView stream);

}  // namespace duel

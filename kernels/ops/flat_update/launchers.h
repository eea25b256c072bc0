// The variants of flat_update, for its tables.
#pragma once

#include "kernels/ops/flat_update/flat_update.h"

namespace duel {

template <class Unit>
void flat_update_four_values_per_thread(const FlatUpdate<float, Unit>& arguments, StreamView stream);
template <class Unit>
void flat_update_chunk_per_thread(const FlatUpdate<float, Unit>& arguments, StreamView stream);

}  // namespace duel

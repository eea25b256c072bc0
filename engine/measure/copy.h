// The copy that tells how fast memory is.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

#include "kernels/runtime/handles.h"

namespace duel {

/// Enqueues a kernel that copies `count` values; source and target do not overlap.
void enqueue_copy(const float4* from, float4* to, std::size_t count, StreamView stream);

}  // namespace duel

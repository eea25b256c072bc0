// Multiplications and additions that wait for nothing but each other.
#pragma once

#include "kernels/runtime/handles.h"
#include "kernels/runtime/view.h"

namespace duel {

/// Values of `sink`, one a thread: so that what was computed counts as used.
std::size_t multiply_add_threads();

/// Enqueues a kernel in which every thread computes x = x * factor + term on float32 values in registers, `steps` times
/// on each; `sink` [multiply_add_threads()] gets the sums. Returns the multiplications and additions of one launch.
double enqueue_multiply_adds(const Vector<float>& sink, int steps, StreamView stream);

}  // namespace duel

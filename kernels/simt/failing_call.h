// Lets a call of the runtime API fail on purpose (simt::fail_call()), for tests of what programs do then.
#pragma once

#include <string>

#include "kernels/simt/runtime_api.h"

namespace simt {

/// The first thing in every function of the runtime API that can fail: counts the call. What it must return at once,
/// or cudaSuccess.
cudaError_t enter_call(const char* name);

/// What there is to tell about the call of this thread that failed; "" where none has.
std::string story_of_failed_call();

}  // namespace simt

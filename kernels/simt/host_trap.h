// What the processor refuses code of the host that the device's user called, such as a function that launches kernels.
#pragma once

#include <string>

#include "kernels/simt/traps.h"

namespace simt {

/// From now on `leave` is told of such a trap, by a handler of a signal and on the thread that caused it. It jumps out
/// of the handler, or returns; then the program ends as ever.
void handle_host_traps(void (*leave)(const Trap& trap));

/// What happened, with the address and the place in the source where they are known.
std::string trap_text(const Trap& trap);

/// The device's sticky error from here on: what was left half done cannot be told.
void set_host_fault(const Trap& trap, const std::string& report);

}  // namespace simt

// Memory of the host, for messages.
#pragma once

#include <string>

namespace duel::app {

/// The largest resident size that this process has had, bytes.
double peak_host_bytes();

/// "this process has had 0.3 GiB, of at most 0.4 GiB (ulimit -v)".
std::string host_memory_text();

}  // namespace duel::app

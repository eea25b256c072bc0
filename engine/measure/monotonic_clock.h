// The clock by which waits and work are measured.
#pragma once

#include <chrono>

namespace duel {

/// Seconds since some fixed moment; never goes back.
inline double monotonic_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace duel

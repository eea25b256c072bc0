// Whose kernels a host thread launches, for the reports of faults.
#pragma once

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/launcher.h"
#endif

namespace duel {

#ifdef DUEL_CPU_DEVICE

/// While it lives, faults of the kernels that the calling host thread launches name this op and variant. The names must
/// outlive the kernels. Does nothing on a GPU, which does not tell whose kernel failed.
class LaunchedBy {
 public:
  LaunchedBy(const char* op, const char* variant) : before_(simt::exchange_launcher({op, variant})) {}
  ~LaunchedBy() { simt::exchange_launcher(before_); }
  LaunchedBy(const LaunchedBy&) = delete;
  LaunchedBy& operator=(const LaunchedBy&) = delete;

 private:
  simt::Launcher before_;
};

#else

class LaunchedBy {
 public:
  LaunchedBy(const char*, const char*) {}
};

#endif

}  // namespace duel

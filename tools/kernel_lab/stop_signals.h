// Signals that ask kernel_lab to end while it has results to tell.
#pragma once

namespace duel::lab {

/// While one lives, SIGINT, SIGTERM and SIGHUP are remembered, unless the parent ignores them. A kernel of the CPU
/// device that runs on for a second after that is stopped. A second signal ends the program at once.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// The first one since then; 0: none.
  int signal() const;
};

}  // namespace duel::lab

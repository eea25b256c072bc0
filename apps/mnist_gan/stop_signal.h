// SIGINT and SIGTERM ask training to stop in order.
#pragma once

namespace duel::app {

/// While one exists, the first SIGINT or SIGTERM is remembered and a second one ends the process at once, with exit
/// code 130 or 143; files are replaced whole, so the previous checkpoint stays intact. One at a time.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();  ///< the signals mean again what they meant before
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  /// SIGINT, SIGTERM, or 0 while none came.
  int received() const;
};

}  // namespace duel::app

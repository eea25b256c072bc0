// What signals mean to a training: INT, TERM and HUP ask it to stop in order, USR1 to save and go on.
#pragma once

#include "app/settings/training_program.h"

namespace duel::app {

/// While one exists, no signal loses work. A signal that the parent process ignores stays ignored (nohup, a job in the
/// background of a script). One at a time.
class TrainingSignals {
 public:
  /// From here on SIGUSR1 is remembered. Signals that ask to stop still end the process at once, as there is nothing to
  /// save yet.
  explicit TrainingSignals(const TrainingProgram& program);
  ~TrainingSignals();  ///< the signals mean again what they meant before
  TrainingSignals(const TrainingSignals&) = delete;
  TrainingSignals& operator=(const TrainingSignals&) = delete;

  /// From here on the first SIGINT, SIGTERM or SIGHUP is remembered, which standard error is told at once, and the next
  /// one ends the process at once, with exit code 128 + its number; files are replaced whole, so the previous
  /// checkpoint stays intact. TERM and HUP that come again within a second are one request: `timeout` and a closing
  /// terminal send them twice.
  void remember_stops();

  /// The signal that asks to stop, or 0 while none came.
  int stop() const;
  /// Whether SIGUSR1 came since the last call.
  bool take_save_request();
};

}  // namespace duel::app

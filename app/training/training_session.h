// One training run from its first iteration to its last: pauses, pictures, checkpoints, log.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/report/progress.h"
#include "app/report/report.h"
#include "app/run_folder/run_folder.h"
#include "app/settings/train_options.h"
#include "app/training/background_writer.h"
#include "app/training/checkpoint_writer.h"
#include "app/training/collapse_response.h"
#include "app/training/event_log.h"
#include "app/training/schedule.h"
#include "app/training/session_memory.h"
#include "app/training/stats_log.h"
#include "app/training/training_watch.h"
#include "engine/games/epoch_plan.h"
#include "engine/training/trainer.h"

namespace duel::app {

struct SessionResult {
  bool has_collapsed = false;      ///< and --on-collapse ended the run
  std::string alarm;               ///< of the last look; "" where all was well
  bool was_well = false;           ///< a look has found the generator well
  int signal = 0;                  ///< that stopped the run; 0: none
  std::int64_t iterations = 0;     ///< done
  double seconds = 0;              ///< of the whole run, pictures and checkpoints included
  double last_epoch_seconds = -1;  ///< of the last whole epoch; negative: there was none
};

/// What somebody may ask of a running session.
struct SessionRequests {
  std::function<int()> stop_signal = [] { return 0; };     ///< the signal that asks to stop; 0: none
  std::function<bool()> take_save = [] { return false; };  ///< whether somebody has asked to save since the last call
};

/// Where a session begins that goes on with a run: the trainer has the state already.
struct SessionStart {
  SessionMemory memory;
  double seconds = 0;      ///< of the run until then
  double epoch_start = 0;  ///< seconds of the run when the running epoch began
};

class TrainingSession {
 public:
  /// `images`: the dataset. `start`: nothing for a new run. The references must outlive the session.
  TrainingSession(const TrainOptions& options, const ImageSet& images, Trainer& trainer, RunFolder& folder,
                  Progress& progress, SessionRequests requests, TrainingWatch::CountClasses count_classes = {},
                  const std::optional<SessionStart>& start = std::nullopt);

  /// Trains to the end, to a signal or to the time limit, and saves the last state. Throws NonFiniteError that names
  /// the iteration where a loss or a weight is not finite: such a state is never saved. Throws std::system_error.
  SessionResult run();

 private:
  double seconds() const;  ///< since the run began
  bool should_stop() const;
  /// Between two batches of iterations: also to save.
  bool should_pause();
  void take_stats(std::span<const IterationStats> stats);
  void refuse_non_finite();
  void pause();
  /// Pictures, and the end of an epoch; once for each number of iterations.
  void write_what_is_due();
  /// After the last iteration, where no look has measured it; `signal`: that stopped the run, or 0.
  void look_at_end(int signal);
  /// On the terminal and in log.txt.
  void say(const std::string& line);
  void end_epoch();
  /// Says on the terminal and in log.txt why the run ended early, if it did.
  void explain_stop(int signal);
  void write_samples();
  void write_script_picture();
  void save_checkpoint();

  const TrainOptions& options_;
  std::int64_t images_;
  Trainer& trainer_;
  RunFolder& folder_;
  Progress& progress_;
  SessionRequests requests_;
  EpochPlan epoch_plan_;
  Schedule schedule_;
  StatsLog stats_;
  std::vector<float> latents_;  ///< of the sample pictures, the same every time
  double start_;                ///< of the run, as if it had never paused

  EpochSums epoch_;                     ///< of the running epoch
  std::optional<IterationStats> last_;  ///< iteration
  double epoch_start_;                  ///< seconds()
  double last_epoch_seconds_ = -1;
  std::int64_t paused_at_ = -1;   ///< iterations done then
  std::int64_t sampled_at_ = -1;  ///< iterations done then
  bool save_is_wanted_ = false;   ///< by somebody who has asked
  std::optional<IterationStats> non_finite_;
  std::optional<TrainingWatch> watch_;  ///< absent without looks
  std::optional<EventLog> events_;      ///< of --tensorboard
  CollapseResponse collapse_;
  ReportPace report_;  ///< used by the background thread alone
  CheckpointWriter checkpoints_;
  BackgroundWriter background_;  ///< the last member: its jobs use others until they end
};

}  // namespace duel::app

// Where a training begins: with random weights, with those of another training, or where a run of its own stopped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/drawing/generator_file.h"
#include "app/run/plan.h"
#include "app/run/resumed_run.h"
#include "app/run_folder/run_folder.h"
#include "app/settings/train_options.h"
#include "app/training/training_session.h"
#include "engine/io/idx.h"
#include "engine/training/trainer.h"

namespace duel::app {

/// For people.
struct Told {
  std::vector<std::string> notes, warnings;

  void add(const Told& more);
};

struct TrainingStart {
  std::optional<ResumedRun> resumed;     ///< --resume
  std::optional<RunFolder> folder;       ///< of that run, where nobody else writes as long as it is held
  std::optional<GeneratorFile> initial;  ///< --init-from
};

/// Reads what the options begin with; the plan is that of the whole run. Throws UsageError and DataError.
TrainingStart read_start(const TrainOptions& options, const ImageSet& images, const Plan& plan);

/// Gives the trainer the state or the weights. Throws as Trainer::load_state and load_weights.
Told apply_start(const TrainingStart& start, const TrainOptions& options, const Plan& plan, Trainer& trainer);

/// Brings the folder of a resumed run back to its checkpoint, for a session that goes on from there. Its looks see what
/// the earlier ones saw, whatever classifiers have come or gone since: `count_classes` may become empty. Throws
/// std::system_error.
SessionStart rewind_session(const ResumedRun& resumed, const TrainOptions& options, std::int64_t iterations_per_epoch,
                            RunFolder& folder, TrainingWatch::CountClasses& count_classes, Told& told);

}  // namespace duel::app

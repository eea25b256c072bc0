#include "app/run/training_start.h"

#include <algorithm>

#include "app/errors/in_file.h"
#include "app/run/initial_weights.h"
#include "app/run/rewind.h"
#include "app/run_folder/resume_point.h"
#include "app/training/schedule.h"

namespace duel::app {
namespace {

/// Which goal a run with nothing left to do has reached, and that the other one, where there is one, does not bind.
std::string why_complete(const TrainOptions& options, const Plan& plan) {
  const std::int64_t of_epochs = iterations_of(options.epochs, plan.iterations_per_epoch, 0);
  const std::string epochs =
      "--epochs " + std::to_string(options.epochs) + " (" + std::to_string(of_epochs) + " iterations)";
  const std::string most = "--max-iterations " + std::to_string(options.max_iterations);
  const bool ends_by_epochs = plan.iterations == of_epochs;
  std::string text = "the run is complete: it has reached " + (ends_by_epochs ? epochs : most);
  if (options.max_iterations > of_epochs) text += ", which ends it before " + most;
  if (!ends_by_epochs) text += ", which ends it before " + epochs;
  if (options.max_iterations == of_epochs) return text + " and " + most + "; raise both to go on";
  return text + "; raise " + (ends_by_epochs ? "--epochs" : "--max-iterations") + " to go on";
}

Told apply_resumed(const ResumedRun& resumed, const TrainOptions& options, const Plan& plan, Trainer& trainer) {
  in_file(resumed.checkpoint.string(), [&] { trainer.load_state(resumed.state); });
  Told told;
  told.warnings = resumed.warnings;
  told.add({{}, explain_other_origin(resumed.state, trainer)});
  told.notes.push_back("resumed after " + std::to_string(resumed.iterations) + " iterations, from " +
                       resumed.checkpoint.string());
  if (resumed.iterations == plan.iterations) told.notes.push_back(why_complete(options, plan));
  return told;
}

SessionMemory memory_of(const ResumedRun& resumed, const Rewound& rewound) {
  SessionMemory memory = resumed.memory;
  if (!memory.collapse) memory.collapse = {rewound.alarm, rewound.is_alarmed, 0, {}};
  // Checkpoints of earlier versions do not know of good looks.
  std::int64_t& good_at = memory.collapse->alarm.good_at;
  good_at = std::max(good_at, rewound.alarm.good_at);
  return memory;
}

}  // namespace

void Told::add(const Told& more) {
  notes.insert(notes.end(), more.notes.begin(), more.notes.end());
  warnings.insert(warnings.end(), more.warnings.begin(), more.warnings.end());
}

TrainingStart read_start(const TrainOptions& options, const ImageSet& images, const Plan& plan) {
  TrainingStart start;
  if (options.resume.empty()) {
    if (!options.init_from.empty()) start.initial = read_initial_weights(options);
    return start;
  }
  if (!options.dry_run) start.folder = RunFolder::open(find_resume_point(options.resume, options.outdir).run);
  // Nobody else writes another checkpoint from here on.
  start.resumed = read_resumed_run(find_resume_point(options.resume, options.outdir), options, images);
  if (start.resumed->iterations <= plan.iterations) return start;
  throw DataError(start.resumed->checkpoint.string() + ": expected at most the run's " +
                  std::to_string(plan.iterations) + " iterations, found " + std::to_string(start.resumed->iterations) +
                  "; config.toml says less than the checkpoint: raise --epochs or --max-iterations");
}

Told apply_start(const TrainingStart& start, const TrainOptions& options, const Plan& plan, Trainer& trainer) {
  if (start.resumed) return apply_resumed(*start.resumed, options, plan, trainer);
  if (!start.initial) return {};
  const TakenWeights taken = take_initial_weights(*start.initial, options, trainer);
  return {{taken.what}, taken.warnings};
}

SessionStart rewind_session(const ResumedRun& resumed, const TrainOptions& options, std::int64_t iterations_per_epoch,
                            RunFolder& folder, TrainingWatch::CountClasses& count_classes, Told& told) {
  const Rewound rewound = rewind(folder, options, schedule_of(options, iterations_per_epoch), resumed.iterations);
  told.add({{}, rewound.warnings});
  const bool counts = static_cast<bool>(count_classes);
  if (rewound.has_looked && counts && !rewound.counts_classes) {
    told.notes.push_back("the classes of the samples are not counted, as they were not when the run began");
    count_classes = {};
  } else if (rewound.has_looked && !counts && rewound.counts_classes) {
    told.warnings.push_back(
        "the classes of the samples are no longer counted: the classifier is gone that the run began with");
  }
  return {memory_of(resumed, rewound), rewound.seconds, rewound.epoch_start};
}

}  // namespace duel::app

// Brings a run folder back to one of its checkpoints: as a run would have left it that was stopped there for a moment.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/run_folder/run_folder.h"
#include "app/settings/train_options.h"
#include "app/training/schedule.h"
#include "engine/quality/collapse_alarm.h"

namespace duel::app {

struct Rewound {
  double seconds = 0;                 ///< of the run until the checkpoint, as its log of losses knows it
  double epoch_start = 0;             ///< the same when the running epoch began
  CollapseAlarm::Memory alarm;        ///< then, as its log of looks knows it
  bool is_alarmed = false;            ///< by the last look until then
  bool has_looked = false;            ///< at all
  bool counts_classes = false;        ///< in those looks
  std::vector<std::string> warnings;  ///< what was removed, or is missing
};

/// Removes what an uninterrupted run of this schedule would not have after `iterations`: newer checkpoints, later
/// pictures, the last picture and the last lines of a run that was stopped early, torn lines. Throws std::system_error.
Rewound rewind(const RunFolder& folder, const TrainOptions& options, const Schedule& schedule, std::int64_t iterations);

}  // namespace duel::app

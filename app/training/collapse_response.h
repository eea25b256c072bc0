// What a training does when its generator collapses, as --on-collapse says.
#pragma once

#include <string>
#include <vector>

#include "app/settings/train_options.h"
#include "app/training/session_memory.h"
#include "app/training/training_watch.h"
#include "engine/training/trainer.h"

namespace duel::app {

class CollapseResponse {
 public:
  explicit CollapseResponse(OnCollapse action, CollapseMemory memory = {})
      : action_(action), memory_(std::move(memory)) {}

  /// After a look of `watch`: keeps the state that looks well, or returns the trainer to it, if that is the action.
  /// Returns lines for people.
  std::vector<std::string> answer(TrainingWatch& watch, Trainer& trainer);

  /// After the look at a run's end, where no iteration is left to stop or to return for. A run that has ended by itself
  /// has ended with a collapse all the same; one that `was_stopped`, and so can go on, is only told of. Returns lines.
  std::vector<std::string> answer_at_end(const TrainingWatch& watch, bool was_stopped);

  /// Whether the run ends, or has ended, with a collapse that somebody wanted to be acted on.
  bool ends_run() const { return ends_run_; }
  /// For the run's next session. The alarm that ended a run rings there anew, if it still has reason to.
  CollapseMemory memory(const TrainingWatch& watch) const;

 private:
  bool can_return() const;
  /// Why nothing is returned to, as a line; nothing where nobody asked for it.
  std::vector<std::string> why_no_return() const;

  OnCollapse action_;
  CollapseMemory memory_;
  bool ends_run_ = false;
};

}  // namespace duel::app

// What a training does when its generator collapses, as --on-collapse says.
#pragma once

#include <string>
#include <vector>

#include "apps/mnist_gan/options.h"
#include "apps/mnist_gan/session_memory.h"
#include "apps/mnist_gan/training_watch.h"
#include "engine/trainer.h"

namespace duel::app {

/// What is said of a look that found a collapse.
std::string collapse_line(const Look& look);

class CollapseResponse {
 public:
  explicit CollapseResponse(OnCollapse action, CollapseMemory memory = {})
      : action_(action), memory_(std::move(memory)) {}

  /// After a look of `watch`: keeps the state that looks well, or returns the trainer to it, if that is the action.
  /// Returns lines for people.
  std::vector<std::string> answer(TrainingWatch& watch, Trainer& trainer);

  bool is_alarmed() const { return memory_.is_alarmed; }
  bool ends_run() const { return ends_run_; }
  /// For the run's next session. The alarm that ended a run rings there anew, if it still has reason to.
  CollapseMemory memory(const TrainingWatch& watch) const;

 private:
  OnCollapse action_;
  CollapseMemory memory_;
  bool ends_run_ = false;
};

}  // namespace duel::app

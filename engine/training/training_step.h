// One iteration of adversarial training, recorded once and scheduled as the configuration says.
#pragma once

#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "engine/games/epoch_plan.h"
#include "engine/games/step_context.h"
#include "engine/tasks/levels.h"
#include "engine/tasks/merge_updates.h"
#include "engine/training/given_inputs.h"

namespace duel {

class TrainingStep {
 public:
  explicit TrainingStep(const StepContext& context) : context_(context) {}

  /// An iteration of that shape. By the step plain every gradient reaches memory, and an update of all parameters reads
  /// it; by the step fused updates are merged into what makes the gradients, which are then kept for nobody but who
  /// asks.
  TaskList record(const IterationShape& shape, Inputs inputs, Gradients gradients = Gradients::used_up) const;
  /// By the step plain op by op, by the step fused in few kernels. Throws std::invalid_argument as
  /// KernelSelection::select.
  Levels schedule(const TaskList& list) const;

  /// Enqueues what it records and schedules. Only kernels: fit for capture.
  void enqueue(const IterationShape& shape, Inputs inputs, StreamView stream,
               Gradients gradients = Gradients::used_up) const;

  /// Sets what an iteration with Inputs::given reads, whose steps all have that batch. Ready when it returns.
  void give(const GivenInputs& inputs, StreamView stream) const;

  /// The first `count` images [count, pixels] that the last iteration, of that shape, generated last. Waits for it.
  std::vector<float> generated(const IterationShape& shape, int count, StreamView stream) const;

 private:
  StepContext context_;
  mutable std::map<std::tuple<IterationShape, Inputs, Gradients>, Levels>
      scheduled_;  ///< of the iterations enqueued before
};

}  // namespace duel

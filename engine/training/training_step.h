// One iteration of adversarial training, recorded once and scheduled as the configuration says.
#pragma once

#include <map>
#include <span>
#include <utility>
#include <vector>

#include "engine/tasks/levels.h"
#include "engine/training/epoch_plan.h"
#include "engine/training/step_context.h"

namespace duel {

/// How many images an iteration of that shape generates last.
int generated_last(const TrainingConfig& config, const IterationShape& shape);

class TrainingStep {
 public:
  explicit TrainingStep(const StepContext& context) : context_(context) {}

  /// An iteration in the order and with the losses of the configuration: every gradient reaches memory, and an update
  /// of all parameters reads it.
  TaskList record(const IterationShape& shape, Inputs inputs) const;

  /// Enqueues it, by the step plain op by op, by the step fused in few kernels. Only kernels: fit for capture.
  void enqueue(const IterationShape& shape, Inputs inputs, StreamView stream) const;

  /// Sets latents [batch, latent_dim] and real images [batch, pixels] of an iteration with Inputs::given, whose steps
  /// all have that batch. Ready when it returns.
  void give(std::span<const float> latents, std::span<const float> images, StreamView stream) const;

  /// The first `count` images [count, pixels] that the last iteration, of that shape, generated last. Waits for it.
  std::vector<float> generated(const IterationShape& shape, int count, StreamView stream) const;

 private:
  Levels schedule(const TaskList& list, Inputs inputs) const;

  StepContext context_;
  mutable std::map<std::pair<IterationShape, Inputs>, Levels> scheduled_;  ///< of the iterations enqueued before
};

}  // namespace duel

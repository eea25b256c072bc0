// One iteration of adversarial training, recorded once and scheduled as the configuration says.
#pragma once

#include <map>
#include <span>
#include <utility>
#include <vector>

#include "engine/games/epoch_plan.h"
#include "engine/games/step_context.h"
#include "engine/tasks/levels.h"

namespace duel {

class TrainingStep {
 public:
  explicit TrainingStep(const StepContext& context) : context_(context) {}

  /// Enqueues an iteration of that shape, by the step plain op by op, by the step fused in few kernels. Only kernels:
  /// fit for capture.
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

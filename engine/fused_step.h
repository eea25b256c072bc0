// An iteration by the least work that computes it, in few dependent kernels (engine/fused_pass.h).
#pragma once

#include <map>
#include <utility>

#include "engine/tasks/levels.h"
#include "engine/training_step.h"

namespace duel {

class FusedStep : public TrainingStep {
 public:
  explicit FusedStep(const StepContext& context) : context_(context) {}

  void enqueue(const IterationShape& shape, Inputs inputs, StreamView stream) const override;
  void give(std::span<const float> latents, std::span<const float> images, StreamView stream) const override;
  std::vector<float> generated(const IterationShape& shape, int count, StreamView stream) const override;

 private:
  TaskList record(const IterationShape& shape, Inputs inputs) const;

  StepContext context_;
  mutable std::map<std::pair<IterationShape, Inputs>, Levels> packed_;  ///< of the iterations enqueued before
};

}  // namespace duel

#include "engine/training_step.h"

#include "engine/fused_step.h"
#include "engine/plain_step.h"
#include "kernels/moving_average/moving_average.h"

namespace duel {

std::unique_ptr<TrainingStep> make_training_step(const StepContext& context) {
  if (context.config.step == StepKind::plain) return std::make_unique<PlainStep>(context);
  return std::make_unique<FusedStep>(context);
}

int generated_last(const TrainingConfig& config, const IterationShape& shape) {
  return config.order == UpdateOrder::discriminator_first ? shape.front() : shape.back();
}

PlayerLosses<float> player_losses(const TrainingConfig& config, int batch) {
  const auto images = static_cast<float>(batch);
  return {.kind = config.loss,
          .real_label = static_cast<float>(config.real_label),
          .generator_loss = config.generator_loss,
          .discriminator_weight = 0.5f / images,
          .generator_weight = 1.f / images};
}

void record_end_iteration(const StepContext& context, int images, TaskList& list) {
  const TrainingMemory& memory = context.memory;
  if (memory.generator_average.weights) {
    list.add(moving_average_op(),
             {.value = memory.generator.weights,
              .average = memory.generator_average.weights,
              .decay = context.config.ema_decay,
              .interval = kAverageInterval,
              .clock = memory.clock},
             "moving average");
  }
  list.add(end_iteration_op(),
           {.discriminator_statistics = memory.discriminator_statistics,
            .generator_statistics = memory.generator_statistics,
            .images_used = images,
            .images_in_epoch = context.dataset ? plan_epoch(context.config, context.dataset.rows).images : images,
            .records = memory.records,
            .clock = memory.clock},
           "end iteration");
}

}  // namespace duel

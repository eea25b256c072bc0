// An iteration of the game of I. Goodfellow et al., Generative adversarial networks (2014), as tasks: updates of the
// discriminator and of the generator in the order, and with the losses, of the configuration.
#pragma once

#include "engine/games/epoch_plan.h"
#include "engine/games/step_context.h"
#include "engine/tasks/task_list.h"

namespace duel {

/// The columns of the images in memory after an iteration of that shape.
struct LastImages {
  int real, generated;
};
LastImages last_images(const TrainingConfig& config, const IterationShape& shape);

/// An iteration that takes so many real images: every gradient reaches memory, and an update of all parameters reads
/// it.
TaskList record_gan(const StepContext& context, const IterationShape& shape, Inputs inputs);

}  // namespace duel

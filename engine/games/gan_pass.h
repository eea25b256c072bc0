// A batch through both networks and back, for the updates of one player or of both, as tasks. Real and generated images
// go through D together, once. Where samples do not influence each other, one chain of gradients of the score through D
// serves both losses, since each sample's gradient is its score's times dL/dscore; else each loss has a chain of its
// own. Gradients reach memory, and each player's parameters are then updated in one task. docs/training-step.md derives
// it and draws the levels that come of it.
#pragma once

#include "engine/games/step_context.h"
#include "engine/tasks/task_list.h"

namespace duel {

enum class Players { both, discriminator, generator };

/// One pass of an iteration.
struct GanPass {
  Players players;
  int batch;  ///< generated images, and real ones unless for the generator alone
  Inputs inputs;
  std::uint32_t draw;  ///< of the iteration's latents
  int offset;          ///< of the real images among the iteration's
};

void record_pass(const StepContext& context, const GanPass& pass, TaskList& list);

}  // namespace duel

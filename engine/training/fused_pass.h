// A batch through both networks and back, for the updates of one player or of both, as tasks. Real and
// generated images go through D together, once. One chain of unit gradients through D serves both losses, since each
// sample's gradient is its unit gradient times dL/dlogit. Gradients reach memory, and each player's parameters are then
// updated in one task. docs/training-step.md derives it and draws the levels that come of it.
#pragma once

#include "engine/tasks/task_list.h"
#include "engine/training/step_context.h"

namespace duel {

enum class Players { both, discriminator, generator };

/// One pass of an iteration.
struct FusedPass {
  Players players;
  int batch;           ///< generated images, and real ones unless for the generator alone
  Inputs inputs;       ///< given: the gradients of the parameters are kept too
  std::uint32_t draw;  ///< of the iteration's latents
  int offset;          ///< of the real images among the iteration's
};

void record_fused_pass(const StepContext& context, const FusedPass& pass, TaskList& list);

}  // namespace duel

// A batch through both networks and back, for the updates of one player or of both, as levels of kernels. Real and
// generated images go through D together, once. One chain of unit gradients through D serves both losses, since each
// sample's gradient is its unit gradient times dL/dlogit. A parameter is updated by the kernel that has its gradient,
// one level after the last one that reads it. docs/training-step.md derives it and draws the levels.
#pragma once

#include "engine/training_step.h"

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

void enqueue_fused_pass(const StepContext& context, const FusedPass& pass, StreamView stream);

}  // namespace duel

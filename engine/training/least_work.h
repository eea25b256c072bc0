// The work that no implementation of an iteration can avoid.
#pragma once

#include "engine/configuration/config.h"

namespace duel {

struct LeastWork {
  double flops = 0;  ///< of the matrix products; a multiplication and an addition for each weight and sample
  double bytes = 0;  ///< read and written in memory
};

/// Of one iteration with full batches.
///
/// Operations: real and generated images pass D once, as one batch; hidden gradients of D are computed once, for both
/// players where these share a pass; weight gradients only where they update something; no gradient of real images, nor
/// of latents. All else (batch norm, activations, updates) is not counted: it grows with the values, not with the
/// weights.
///
/// Bytes: every update reads and writes the parameters and the optimizer's states once (Adam's are two: 24 bytes for
/// each parameter); every output of a layer, and the gradient at it, is written once and read once; real images are
/// read as 8-bit pixels. Latents are drawn where they are needed, weight gradients never reach memory. So this holds
/// where no cache keeps anything from one kernel to the next for longer than one use; a device whose caches hold the
/// networks can move less from its memory.
LeastWork least_work(const TrainingConfig& config);

}  // namespace duel

// A generator's forward pass, one sample per column, as tasks: what training and sampling share.
#pragma once

#include "engine/configuration/config.h"
#include "engine/networks/fused_activations.h"
#include "engine/networks/network_state.h"
#include "engine/tasks/task_list.h"
#include "kernels/activations/activations.h"

namespace duel {

/// Of a generator's last layer.
Activation image_activation(const NetworkConfig& networks);

/// A generator on its way from the latents of `activations` to its images, in the columns from first_column on.
struct GeneratorPass {
  const NetworkConfig& networks;
  const NetworkLayout& layout;
  const NetworkState& state;
  const FusedActivations& activations;
  BatchStatistics statistics = BatchStatistics::batch;  ///< of batch norm
  float momentum = 0;                                   ///< share of the batch in the running averages
  int first_column = 0;
};
void record_generator(const GeneratorPass& pass, TaskList& list);

}  // namespace duel

// Generator and discriminator as layers of a pass.
#pragma once

#include "engine/configuration/config.h"
#include "engine/networks/dropout.h"
#include "engine/networks/layer.h"
#include "kernels/activations/activations.h"

namespace duel {

/// How a network's batch norm normalizes.
struct NormMode {
  BatchStatistics statistics = BatchStatistics::batch;
  float momentum = 0;  ///< share of a batch in the running averages
  int split = 0;       ///< samples of the first of two batches; 0: there is one
};

/// All layers of a generator, from latents to images; `memory` has that of each. The images stand in the columns from
/// `first_column` on. Configuration, layout and memory outlive the layers.
Layers generator_layers(const NetworkConfig& networks, const NetworkLayout& layout, const NetworkState& state,
                        const std::vector<LayerMemory>& memory, const NormMode& mode, int first_column = 0);

/// The hidden layers of a discriminator; `memory` has that of each. Only what has convolutions has batch norm.
Layers discriminator_layers(const NetworkConfig& networks, const NetworkLayout& layout, const NetworkState& state,
                            const std::vector<LayerMemory>& memory, const DropoutMasks& masks, const NormMode& mode);

/// The weight of the discriminator's last layer, its head [in].
Vector<const float> head_weight(const NetworkLayout& layout, const NetworkState& state);

}  // namespace duel

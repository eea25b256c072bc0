// Generator and discriminator as layers of a pass.
#pragma once

#include "engine/configuration/config.h"
#include "engine/networks/dropout.h"
#include "engine/networks/layer.h"
#include "kernels/activations/activations.h"

namespace duel {

/// How a generator's batch norm normalizes.
struct GeneratorMode {
  BatchStatistics statistics = BatchStatistics::batch;
  float momentum = 0;  ///< share of the batch in the running averages
};

/// All layers of a generator, from latents to images; `memory` has that of each. The images stand in the columns from
/// `first_column` on. Configuration, layout and memory outlive the layers.
Layers generator_layers(const NetworkConfig& networks, const NetworkLayout& layout, const NetworkState& state,
                        const std::vector<LayerMemory>& memory, const GeneratorMode& mode, int first_column = 0);

/// The hidden layers of a discriminator; `memory` has that of each.
Layers discriminator_layers(const NetworkConfig& networks, const NetworkLayout& layout, const NetworkState& state,
                            const std::vector<LayerMemory>& memory, const DropoutMasks& masks);

/// The weight of the discriminator's last layer, its head [in].
Vector<const float> head_weight(const NetworkLayout& layout, const NetworkState& state);

}  // namespace duel

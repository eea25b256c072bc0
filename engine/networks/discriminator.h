// What a discriminator thinks of given images.
#pragma once

#include <span>
#include <vector>

#include "engine/configuration/config.h"
#include "engine/configuration/network_layout.h"
#include "engine/networks/network_state.h"
#include "kernels/kernel_selection.h"

namespace duel {

/// The scores of a network on the device for images [count, pixels] in the generator's range, after all work given to
/// the stream. Leaves the network as it is. Throws std::invalid_argument for no image or a partial one.
std::vector<float> judge_images(const KernelSelection& kernels, const NetworkConfig& config,
                                const NetworkLayout& layout, const NetworkState& state, std::span<const float> images,
                                StreamView stream);

}  // namespace duel

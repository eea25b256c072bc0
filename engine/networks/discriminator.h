// What a discriminator thinks of given images.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/configuration/config.h"
#include "engine/configuration/network_layout.h"
#include "engine/networks/network_state.h"
#include "kernels/kernel_selection.h"

namespace duel {

/// The scores of a network on the device for images [count, pixels] in the generator's range and, where it reads
/// classes, their labels [count], after all work given to the stream. Leaves the network as it is. Throws
/// std::invalid_argument for no image or a partial one, and for another number of labels.
std::vector<float> judge_images(const KernelSelection& kernels, const NetworkConfig& config,
                                const NetworkLayout& layout, const NetworkState& state, std::span<const float> images,
                                std::span<const std::uint8_t> labels, StreamView stream);

}  // namespace duel

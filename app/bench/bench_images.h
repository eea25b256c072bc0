#pragma once

#include "engine/configuration/config.h"
#include "engine/io/idx.h"

namespace duel::app {

/// Made-up images, always the same ones: a bright disc each, somewhere, of some size. Something that can be learned,
/// as noise cannot: a discriminator that is always right would end in gradients too small for the hardware's fast path.
ImageSet made_up_images(const NetworkConfig& networks, int count);

}  // namespace duel::app

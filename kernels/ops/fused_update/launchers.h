#pragma once

#include "kernels/ops/fused_update/fused_update.h"

namespace duel {

// Where the build has a library for products (kernels/libraries/library.h).
bool fused_update_library_supports(const FusedUpdate<float>& arguments, const Device& device);
void fused_update_library(const FusedUpdate<float>& arguments, StreamView stream);

}  // namespace duel

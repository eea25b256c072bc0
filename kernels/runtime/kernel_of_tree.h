// A kernel to ask what the kernels of the tree were compiled for.
#pragma once

namespace duel {

/// For architecture_of(). It does nothing.
const void* kernel_of_tree();

}  // namespace duel

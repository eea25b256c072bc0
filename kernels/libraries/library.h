// Products by the library of this build, OpenBLAS or cuBLASLt, for variants to compare with. DUEL_PRODUCT_LIBRARY is
// its name, and is not defined where there is none.
#pragma once

#include "kernel_libraries.h"
#include "kernels/libraries/product.h"
#include "kernels/runtime/device.h"
#include "kernels/runtime/handles.h"

namespace duel {

/// Enqueues the product. Its bits do not depend on the schedule or the number of worker threads. Throws LibraryError,
/// or CudaError where the library cannot be loaded.
void launch_library_product(const LibraryProduct& product, StreamView stream);

#ifdef DUEL_PRODUCTS_IN_BLOCKS
/// Where kernels are host code: the calling block multiplies, with the library's own single thread. `adds`: to what the
/// result holds. Before such a kernel is launched, load_product_library() throws CudaError where that cannot be done.
void multiply_in_block(const LibraryProduct& product, bool adds = false);
void load_product_library();
#endif

/// As a variant's `supports`: OpenBLAS on the CPU device, cuBLASLt on a GPU.
inline bool supports_product_library(const auto&, const Device& device) {
#ifdef DUEL_CPU_DEVICE
  return device.is_cpu;
#else
  return !device.is_cpu;
#endif
}

}  // namespace duel

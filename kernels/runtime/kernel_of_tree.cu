#include "kernels/runtime/kernel_of_tree.h"

#include <cuda_runtime.h>

namespace duel {
namespace {

__global__ void __launch_bounds__(1) empty_kernel() {}

}  // namespace

const void* kernel_of_tree() {
  return reinterpret_cast<const void*>(&empty_kernel);
}

}  // namespace duel

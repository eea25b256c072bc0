#include "kernels/simt/thread_model.h"

constinit thread_local uint3 threadIdx{};
constinit thread_local uint3 blockIdx{};
constinit thread_local dim3 blockDim{};
constinit thread_local dim3 gridDim{};

namespace simt {

constinit thread_local int block_threads = 1;

}  // namespace simt

// What the device at hand can do at most: what a time is compared with.
#pragma once

#include <cstddef>

namespace duel {

/// float32 multiplications and additions per second, on values in registers; without tensor cores. The fastest of
/// several launches. Throws CudaError.
double measure_flops_per_second();

/// Bytes read and written per second by a kernel that copies one half of `bytes` of memory to the other, again and
/// again: of a small memory the caches' speed, of a large one the memory's own. The fastest of several copies. Throws
/// CudaError.
double measure_copy_bytes_per_second(std::size_t bytes);

}  // namespace duel

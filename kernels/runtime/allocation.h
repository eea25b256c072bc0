// What a lack of memory says.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <string>

namespace duel {

/// "12.3 MiB"; GiB from 1 GiB on.
std::string format_bytes(double bytes);

/// The size of `count` values in bytes. Throws CudaError where it is beyond all memory.
std::size_t bytes_of(std::size_t count, std::size_t bytes_of_value);

/// "1.2 GiB of 7.7 GiB of device memory are free".
std::string free_memory_text();

/// Throws CudaError with the text, and with what the CPU device knows of the fault.
[[noreturn]] void throw_with_report(cudaError_t result, const std::string& text);
/// Throws CudaError that says how much was wanted (0: unknown) and how much there is.
[[noreturn]] void throw_lack_of_memory(std::size_t bytes);

/// For the result of an allocation of `bytes`. Throws CudaError: for a lack of memory, one that says how much was
/// wanted and how much there is.
void check_allocation(cudaError_t result, std::size_t bytes);

}  // namespace duel

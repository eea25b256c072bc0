#include "kernels/runtime/allocation.h"

#include <cstdio>
#include <limits>

#include "kernels/runtime/error.h"

namespace duel {

std::string format_bytes(double bytes) {
  char text[64];
  const bool is_large = bytes >= 1024.0 * 1024 * 1024;
  std::snprintf(text, sizeof(text), "%.1f %s", bytes / (1024.0 * 1024) / (is_large ? 1024 : 1),
                is_large ? "GiB" : "MiB");
  return text;
}

std::size_t bytes_of(std::size_t count, std::size_t bytes_of_value) {
  if (count > std::numeric_limits<std::size_t>::max() / bytes_of_value) {
    check_allocation(cudaErrorMemoryAllocation, std::numeric_limits<std::size_t>::max());
  }
  return count * bytes_of_value;
}

std::string free_memory_text() {
  std::size_t free = 0, total = 0;
  if (cudaMemGetInfo(&free, &total) != cudaSuccess) return "how much is free cannot be told";
  return format_bytes(static_cast<double>(free)) + " of " + format_bytes(static_cast<double>(total)) +
         " of device memory are free";
}

void throw_lack_of_memory(std::size_t bytes) {
  const std::string wanted = bytes > 0 ? format_bytes(static_cast<double>(bytes)) + " more were wanted, " : "";
  throw_with_report(cudaErrorMemoryAllocation,
                    "not enough memory: " + wanted + free_memory_text() + " (cudaErrorMemoryAllocation)");
}

void check_allocation(cudaError_t result, std::size_t bytes) {
  if (result == cudaErrorMemoryAllocation) throw_lack_of_memory(bytes);
  check(result);
}

}  // namespace duel

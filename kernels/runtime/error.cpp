#include "kernels/runtime/error.h"

#include "kernels/runtime/allocation.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/simt.h"
#endif

namespace duel {

void check(cudaError_t result, SourcePlace place) {
  if (result == cudaSuccess) return;
  if (result == cudaErrorMemoryAllocation) throw CudaError(result, "not enough memory: " + free_memory_text());
  std::string text = std::string(place.file) + ":" + std::to_string(place.line) + ": " + cudaGetErrorName(result) +
                     ": " + cudaGetErrorString(result);
#ifdef DUEL_CPU_DEVICE
  if (const std::string report = simt::fault_report(); !report.empty()) text += "\n  " + report;
#endif
  throw CudaError(result, text);
}

}  // namespace duel

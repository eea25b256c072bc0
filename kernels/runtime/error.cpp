#include "kernels/runtime/error.h"

#include "kernels/runtime/allocation.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/simt.h"
#endif

namespace duel {

void throw_with_report(cudaError_t result, std::string text) {
#ifdef DUEL_CPU_DEVICE
  if (const std::string report = simt::fault_report(); !report.empty()) text += "\n  " + report;
#endif
  throw CudaError(result, text);
}

void check(cudaError_t result, SourcePlace place) {
  if (result == cudaSuccess) return;
  if (result == cudaErrorMemoryAllocation) throw_lack_of_memory(0);
  throw_with_report(result, std::string(place.file) + ":" + std::to_string(place.line) + ": " +
                                cudaGetErrorName(result) + ": " + cudaGetErrorString(result));
}

}  // namespace duel

#include "kernels/runtime/error.h"

#include "kernels/runtime/allocation.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/simt.h"
#endif

namespace duel {

static std::string report_of_device() {
#ifdef DUEL_CPU_DEVICE
  return simt::fault_report();
#else
  return "";
#endif
}

void throw_with_report(cudaError_t result, const std::string& text) {
  const std::string report = report_of_device();
  throw CudaError(result, text + (report.empty() ? "" : "\n  " + report));
}

// Where the error was noticed says nothing once the device tells its story.
static void throw_with_report(cudaError_t result, const std::string& text, SourcePlace place) {
  if (!report_of_device().empty()) throw_with_report(result, text);
  throw CudaError(result, std::string(place.file) + ":" + std::to_string(place.line) + ": " + text);
}

void check(cudaError_t result, SourcePlace place) {
  if (result == cudaSuccess) return;
  if (result == cudaErrorMemoryAllocation) throw_lack_of_memory(0);
  throw_with_report(result, std::string(cudaGetErrorName(result)) + ": " + cudaGetErrorString(result), place);
}

}  // namespace duel

#include "engine/tuning/tuning_key.h"

#include "engine/tuning/kernel_record.h"
#include "kernels/runtime/error.h"
#include "kernels_hash.h"

namespace duel {
namespace {

// 12040 is 12.4.
std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

}  // namespace

TuningKey current_tuning_key() {
  int driver = 0, runtime = 0;
  check(cudaDriverGetVersion(&driver));
  check(cudaRuntimeGetVersion(&runtime));
  return {device_model(), version_text(driver), version_text(runtime), DUEL_COMPILER, kKernelSourcesHash};
}

std::string build_text() {
  int runtime = 0;
  check(cudaRuntimeGetVersion(&runtime));
  return DUEL_COMPILER ", CUDA runtime " + version_text(runtime) + ", kernels " +
         std::string(kKernelSourcesHash).substr(0, 16);
}

}  // namespace duel

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

BuildFacts build_facts() {
  int runtime = 0;
  check(cudaRuntimeGetVersion(&runtime));
#ifdef DUEL_CPU_DEVICE
  constexpr const char* kDevice = "cpu";
#else
  constexpr const char* kDevice = "cuda";
#endif
  return {kDevice, DUEL_COMPILER, version_text(runtime), std::string(kKernelSourcesHash).substr(0, 16)};
}

std::string build_text() {
  const BuildFacts facts = build_facts();
  return facts.compiler + ", CUDA runtime " + facts.runtime + ", kernels " + facts.kernels;
}

}  // namespace duel

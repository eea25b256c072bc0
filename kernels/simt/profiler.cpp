#include "kernels/simt/profiler.h"

#include <cuda_profiler_api.h>

#include <mutex>

#include "kernels/simt/device.h"

namespace simt {
namespace {

std::mutex g_mutex;
std::vector<ProfiledStretch> g_stretches;

bool is_on() {
  return !g_stretches.empty() && g_stretches.back().is_open;
}

}  // namespace

std::vector<ProfiledStretch> profiled_stretches() {
  const std::lock_guard guard(g_mutex);
  return g_stretches;
}

}  // namespace simt

cudaError_t cudaProfilerStart() {
  const std::lock_guard guard(simt::g_mutex);
  if (simt::is_on()) {
    ++simt::g_stretches.back().redundant_starts;
  } else {
    const simt::Counters now = simt::counters();
    simt::g_stretches.push_back({now, now});
  }
  return simt::finish(cudaSuccess);
}

cudaError_t cudaProfilerStop() {
  const std::lock_guard guard(simt::g_mutex);
  if (simt::is_on()) {
    simt::g_stretches.back().stop = simt::counters();
    simt::g_stretches.back().is_open = false;
  }
  return simt::finish(cudaSuccess);
}

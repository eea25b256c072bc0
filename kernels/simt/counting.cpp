// start_counting() and stop_counting().
#include <stdexcept>
#include <utility>

#include "kernels/simt/simt.h"

#ifdef DUEL_CHECKED
#include "kernels/simt/checked/counting.h"
#include "kernels/simt/device.h"

namespace simt {

TrafficCounter* active_counter = nullptr;

namespace {

TrafficCounter& counter() {
  static TrafficCounter counter;
  return counter;
}

// Exchanges the active counter when nothing runs.
TrafficCounter* exchange(TrafficCounter* next) {
  Device& device = Device::instance();
  std::unique_lock guard = device.lock();
  device.wait_for_all(guard);
  return std::exchange(active_counter, next);
}

}  // namespace

void start_counting() {
  exchange(nullptr);
  counter() = {};
  exchange(&counter());
}

std::vector<KernelTraffic> stop_counting() {
  if (!exchange(nullptr)) throw std::logic_error("stop_counting: nobody counts; expected start_counting() before");
  return counter().take();
}

}  // namespace simt

#else

namespace simt {

std::string leak_report() {
  return "";
}

namespace {

[[noreturn]] void refuse() {
  throw std::logic_error(
      "memory traffic is counted by checked builds only, and this is none; build with the preset cpu-race "
      "(tools/build.sh cpu-race) and run that program");
}

}  // namespace

void start_counting() {
  refuse();
}
std::vector<KernelTraffic> stop_counting() {
  refuse();
}

}  // namespace simt

#endif

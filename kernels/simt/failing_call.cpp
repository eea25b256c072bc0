#include "kernels/simt/failing_call.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <string_view>

#include "kernels/simt/device.h"

namespace simt {
namespace {

// As CUDA documents them: the process must be ended and started anew.
constexpr std::array kSticky = {cudaErrorIllegalAddress,     cudaErrorLaunchTimeout,      cudaErrorAssert,
                                cudaErrorHardwareStackError, cudaErrorIllegalInstruction, cudaErrorMisalignedAddress,
                                cudaErrorLaunchFailure};

std::atomic<std::uint64_t> g_calls_left = 0;  // until the one that fails, itself included; 0: none does
std::mutex g_mutex;                           // of the rest
std::uint64_t g_number = 0;
std::optional<cudaError_t> g_error;
std::string g_failed_call;
std::vector<std::string> g_later_calls;
std::atomic<bool> g_has_failed = false;
thread_local std::string t_story;

// NUMBER or NUMBER:ERROR
bool read_environment(std::string_view text) {
  std::uint64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  const std::string_view name(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  if (name.empty()) {
    fail_call(number);
    return true;
  }
  for (int code = 1; code <= cudaErrorUnknown; ++code) {
    if (name.substr(0, 1) != ":" || name.substr(1) != cudaGetErrorName(static_cast<cudaError_t>(code))) continue;
    fail_call(number, static_cast<cudaError_t>(code));
    return true;
  }
  return false;
}

void read_environment_once() {
  static const bool done = [] {
    const char* text = std::getenv("DUEL_SIMT_FAIL");
    if (text && !read_environment(text)) {
      throw std::invalid_argument("DUEL_SIMT_FAIL is '" + std::string(text) +
                                  "'; expected the number of a call of the runtime, alone or as "
                                  "NUMBER:ERROR with an error such as cudaErrorMemoryAllocation");
    }
    return true;
  }();
  static_cast<void>(done);
}

bool waits_for_work(std::string_view name) {
  return name.ends_with("Synchronize") || name.starts_with("cudaFree") || name == "cudaMemcpy" || name == "cudaMemset";
}

// A call that waits fails after that, and a device that is lost writes to no memory any more.
void drain() {
  std::unique_lock guard = Device::instance().lock();
  Device::instance().wait_for_all(guard);
}

// Whether this is the call that must fail.
bool is_due() {
  std::uint64_t left = g_calls_left.load(std::memory_order_relaxed);
  while (left > 0) {
    if (g_calls_left.compare_exchange_weak(left, left - 1)) return left == 1;
  }
  return false;
}

}  // namespace

cudaError_t enter_call(const char* name) {
  read_environment_once();
  atomic_counters().calls.fetch_add(1, std::memory_order_relaxed);
  const bool fails = is_due();
  if (!fails && !g_has_failed.load(std::memory_order_relaxed)) return cudaSuccess;
  std::unique_lock lock(g_mutex);
  if (!fails) {
    g_later_calls.push_back(name);
    return cudaSuccess;
  }
  g_has_failed = true;
  const bool allocates = std::string_view(name).starts_with("cudaMalloc");
  const cudaError_t error = g_error.value_or(allocates ? cudaErrorMemoryAllocation : cudaErrorLaunchFailure);
  g_failed_call = name;
  t_story = "call " + std::to_string(g_number) + " of the runtime, " + name + ", was made to fail";
  const bool sticky = std::find(kSticky.begin(), kSticky.end(), error) != kSticky.end();
  lock.unlock();
  if (sticky) Device::instance().set_fault({error, t_story});
  if (sticky || waits_for_work(name)) drain();
  return finish(error);
}

std::string story_of_failed_call() {
  return t_story;
}

void fail_call(std::uint64_t number, std::optional<cudaError_t> error) {
  const std::lock_guard lock(g_mutex);
  g_number = number;
  g_error = error;
  g_failed_call.clear();
  g_later_calls.clear();
  g_has_failed = false;
  t_story.clear();
  g_calls_left = number;
}

std::vector<std::string> calls_after_failure() {
  const std::lock_guard lock(g_mutex);
  return g_later_calls;
}

std::string failed_call() {
  const std::lock_guard lock(g_mutex);
  return g_failed_call;
}

}  // namespace simt

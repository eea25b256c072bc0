#include "kernels/simt/device.h"

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <system_error>

#include "kernels/simt/checked/watch.h"
#include "kernels/simt/failing_call.h"
#include "kernels/simt/kernel_name.h"
#include "kernels/simt/limits.h"
#include "kernels/simt/memory.h"
#include "kernels/simt/ranges.h"

namespace simt {
namespace {

int threads_of(const Options& options) {
  static const int processors = available_processors();
  return options.threads > 0 ? options.threads : std::min(processors, kMaxWorkers);
}

// Checked builds run blocks one after another.
int workers_for(const Options& options) {
  return kChecked ? 1 : threads_of(options);
}

}  // namespace

Device& Device::instance() {
  static Device device;
  return device;
}

Device::Device() : options_(options_from_environment()), random_(options_.seed) {
  memory();  // outlives the device
  add_stream(true);
  handle_traps();
  time_limit_.set(options_.block_seconds);
  try {
    dispatcher_ = std::thread([this] { dispatch(); });
    time_limit_.start();
  } catch (const std::system_error& error) {
    fault_ = {cudaErrorUnknown, std::string("the CPU device's own threads cannot be started: ") + error.what()};
  }
}

Device::~Device() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  work_.notify_all();
  if (dispatcher_.joinable()) dispatcher_.join();
  if constexpr (kChecked) std::fputs(leak_report().c_str(), stderr);
}

// ---- handles ----

std::shared_ptr<CUstream_st> Device::find_stream(cudaStream_t handle) {
  if (!handle) return streams_[0];
  const auto found = std::find_if(streams_.begin() + 1, streams_.end(), [&](auto& s) { return s.get() == handle; });
  return found == streams_.end() ? nullptr : *found;
}

std::shared_ptr<CUevent_st> Device::find_event(cudaEvent_t handle) {
  const auto found = std::find_if(events_.begin(), events_.end(), [&](auto& e) { return e.get() == handle; });
  return found == events_.end() ? nullptr : *found;
}

std::shared_ptr<CUstream_st> Device::add_stream(bool blocking) {
  auto stream = std::make_shared<CUstream_st>();
  stream->blocking = blocking;
  if constexpr (kChecked) work_order().open(stream->order);
  return streams_.emplace_back(std::move(stream));
}

std::shared_ptr<CUevent_st> Device::add_event(bool timing) {
  auto event = std::make_shared<CUevent_st>();
  event->timing = timing;
  return events_.emplace_back(std::move(event));
}

bool Device::remove_stream(cudaStream_t handle) {
  const auto stream = find_stream(handle);
  if (!handle || !stream) return false;
  if (stream->busy || !stream->queue.empty()) closing_.push_back(stream);
  std::erase(streams_, stream);
  if constexpr (kChecked) work_order().close(stream->order);
  return true;
}

bool Device::remove_event(cudaEvent_t handle) {
  return std::erase_if(events_, [&](auto& e) { return e.get() == handle; }) > 0;
}

// ---- queues ----

void Device::enqueue(const std::shared_ptr<CUstream_st>& stream, Action action, std::vector<Position> after,
                     std::shared_ptr<const NodeOrder> nodes) {
  if (!dispatcher_.joinable()) return;  // the fault of the constructor is all that callers see
  CUstream_st::Work work{std::move(action), std::move(after), 0};
  // The legacy default stream waits for all blocking streams, and they for it.
  if (stream == streams_[0]) {
    for (const auto* list : {&streams_, &closing_}) {
      for (const auto& other : *list) {
        if (other != stream && other->blocking) work.after.push_back(end_of(other));
      }
    }
  } else if (stream->blocking) {
    work.after.push_back(end_of(streams_[0]));
  }
  if constexpr (kChecked) {
    std::vector<Clock> clocks;
    for (const Position& position : work.after) clocks.push_back(position.clock);
    work.item = work_order().enqueue(stream->order, clocks, std::move(nodes));
  }
  stream->queue.push_back(std::move(work));
  ++stream->enqueued;
  work_.notify_one();
}

bool Device::reached(const Position& position) const {
  return !position.stream || position.stream->completed >= position.count;
}

bool Device::ask_for(const Position& position) const {
  if (!reached(position)) return false;
  if constexpr (kChecked) work_order().host_sees(position.clock);
  return true;
}

void Device::wait_for(std::unique_lock<std::mutex>& lock, const Position& position) {
  progress_.wait(lock, [&] { return reached(position); });
  if constexpr (kChecked) work_order().host_sees(position.clock);
}

void Device::wait_for_all(std::unique_lock<std::mutex>& lock) {
  std::vector<Position> positions;
  for (const auto& stream : streams_) positions.push_back(end_of(stream));
  for (const auto& stream : closing_) positions.push_back(end_of(stream));
  if constexpr (kChecked) positions.push_back({nullptr, 0, work_order().closed_clock()});
  for (const Position& position : positions) wait_for(lock, position);
}

bool Device::idle() const {
  const auto is_done = [](const auto& stream) { return stream->completed == stream->enqueued; };
  return closing_.empty() && std::all_of(streams_.begin(), streams_.end(), is_done);
}

void Device::leave_capture(const std::shared_ptr<Capture>& capture) {
  for (const auto& stream : streams_) {
    if (stream->capture != capture) continue;
    stream->capture.reset();
    stream->frontier.clear();
  }
}

bool Device::ready(const CUstream_st& stream) const {
  if (stream.queue.empty()) return false;
  const auto& after = stream.queue.front().after;
  return std::all_of(after.begin(), after.end(), [&](const Position& position) { return reached(position); });
}

std::vector<std::size_t> Device::scheduled_order(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (options_.schedule == Schedule::reverse) std::reverse(order.begin(), order.end());
  if (options_.schedule == Schedule::random) std::shuffle(order.begin(), order.end(), std::mt19937_64(random_++));
  return order;
}

std::shared_ptr<CUstream_st> Device::next_stream() {
  std::vector<std::shared_ptr<CUstream_st>> candidates;
  for (const auto* list : {&streams_, &closing_}) {
    for (const auto& stream : *list) {
      if (ready(*stream)) candidates.push_back(stream);
    }
  }
  if (candidates.empty()) return nullptr;
  return candidates[candidates.size() == 1 ? 0 : scheduled_order(candidates.size())[0]];
}

// Nobody is there to catch what an action throws.
static Fault run_action(const Action& action) {
  try {
    return action();
  } catch (const std::exception& error) {
    return {cudaErrorUnknown, std::string("the CPU device: ") + error.what()};
  }
}

void Device::dispatch() {
  const watch::Trusted trusted;
  const SignalStack signal_stack;
  std::unique_lock guard(mutex_);
  for (;;) {
    std::shared_ptr<CUstream_st> stream;
    work_.wait(guard, [&] { return (stream = next_stream()) != nullptr || stop_; });
    if (!stream) return;
    CUstream_st::Work work = std::move(stream->queue.front());
    stream->queue.pop_front();
    stream->busy = true;
    guard.unlock();
    if (fault().code == cudaSuccess) {  // after a sticky error nothing runs any more
      if constexpr (kChecked) watch::work_begins(work.item);
      Fault result = run_action(work.action);
      if (result.code != cudaSuccess) set_fault(std::move(result));
    }
    if constexpr (kChecked) work_order().finish(work.item);
    work = {};
    guard.lock();
    stream->busy = false;
    ++stream->completed;
    if (stream->queue.empty()) std::erase(closing_, stream);
    progress_.notify_all();
  }
}

// ---- kernels ----

Fault Device::start_workers(int count) {
  if (pool_.threads() == count) return {};
  try {
    pool_.resize(count);
    return {};
  } catch (const std::system_error&) {
    const int started = pool_.threads();
    pool_.resize(1);
    return {cudaErrorUnknown,
            "of " + std::to_string(count) + " worker threads only " + std::to_string(started) + " can be started"};
  }
}

Fault Device::run_kernel(const KernelCall& call) {
  atomic_counters().kernels.fetch_add(1, std::memory_order_relaxed);
  const KernelRun run{&call,
                      options_.schedule,
                      options_.seed + 0x9e3779b97f4a7c15u * ++launches_,
                      options_.poison_shared,
                      options_.check_guards,
                      options_.block_seconds};
  remember_kernel(call.launcher);
  if (Fault lack = start_workers(workers_for(options_)); lack.code != cudaSuccess) return lack;
  if constexpr (kChecked) watch::kernel_begins(call);
  Fault result = pool_.run(run);
  if constexpr (kChecked) watch::kernel_ends();
  if (result.code == cudaSuccess && options_.check_guards) {
    if (auto damage = memory().find_damage()) {
      result = {cudaErrorIllegalAddress, kernel_name(call.function) + ": " + *damage};
    }
  }
  if (result.code != cudaSuccess && call.launcher.op) {
    result.report += std::string("; variant ") + call.launcher.op + "=" + call.launcher.variant;
  }
  if (result.code != cudaSuccess && call.range) result.report += "; launched in " + path_of(call.range.get());
  return result;
}

// ---- options, faults, counters ----

Options Device::options() const {
  const std::lock_guard lock(mutex_);
  return options_;
}

void Device::set_options(const Options& options) {
  if (options.threads < 0 || options.threads > kMaxWorkers) {
    throw std::invalid_argument("CPU device: threads is " + std::to_string(options.threads) +
                                "; expected 0 (all cores) to " + std::to_string(kMaxWorkers));
  }
  if (!(options.block_seconds >= 0)) {
    throw std::invalid_argument("CPU device: block_seconds is " + std::to_string(options.block_seconds) +
                                "; expected 0 (no limit) or more");
  }
  handle_traps();
  std::unique_lock guard = lock();
  while (!idle()) wait_for_all(guard);  // other host threads may go on enqueuing
  if (const Fault lack = start_workers(workers_for(options)); lack.code != cudaSuccess) {
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again), lack.report);
  }
  time_limit_.set(options.block_seconds);
  options_ = options;
  random_ = options.seed;
  launches_ = 0;
}

void Device::set_fault(Fault fault) {
  const std::lock_guard lock(fault_mutex_);
  if (fault_.code == cudaSuccess) fault_ = std::move(fault);
}

Fault Device::fault() const {
  const std::lock_guard lock(fault_mutex_);
  return fault_;
}

namespace {
thread_local cudaError_t t_last_error = cudaSuccess;
}

void Device::clear_fault() {
  const std::lock_guard lock(fault_mutex_);
  t_last_error = cudaSuccess;
  if (!fault_.spoils_process) fault_ = {};
}

cudaError_t finish(cudaError_t error) {
  const Fault fault = Device::instance().fault();
  if (fault.code != cudaSuccess) error = fault.code;
  if (error != cudaSuccess && error != cudaErrorNotReady) t_last_error = error;
  return error;
}

AtomicCounters& atomic_counters() {
  static AtomicCounters counters;
  return counters;
}

Options options() {
  return Device::instance().options();
}
void set_options(const Options& options) {
  Device::instance().set_options(options);
}
int worker_threads() {
  return threads_of(options());
}
std::string fault_report() {
  const Fault fault = Device::instance().fault();
  return fault.code != cudaSuccess ? fault.report : story_of_failed_call();
}

void clear_fault() {
  Device& device = Device::instance();
  std::unique_lock guard = device.lock();
  device.wait_for_all(guard);
  device.clear_fault();
}

Counters counters() {
  const AtomicCounters& now = atomic_counters();
  return {now.calls, now.kernels, now.graph_launches, now.synchronizations, now.allocations, now.host_copies};
}

}  // namespace simt

cudaError_t cudaPeekAtLastError() {
  const simt::Fault fault = simt::Device::instance().fault();
  return fault.code != cudaSuccess ? fault.code : simt::t_last_error;
}

cudaError_t cudaGetLastError() {
  const cudaError_t error = cudaPeekAtLastError();
  simt::t_last_error = cudaSuccess;
  return error;
}

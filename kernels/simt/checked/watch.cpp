#include "kernels/simt/checked/watch.h"

#include <cstring>
#include <string>
#include <utility>

#include "kernels/simt/block_runner.h"
#include "kernels/simt/checked/access_text.h"
#include "kernels/simt/checked/checker.h"
#include "kernels/simt/checked/counting.h"
#include "kernels/simt/device.h"
#include "kernels/simt/kernel_name.h"
#include "kernels/simt/symbolizer.h"

namespace simt {

static void count(TrafficCounter& counter, const KernelAccess& access) {
  counter.access({checker().space_of(access.address), access.touch != Touch::read, access.touch == Touch::atomic,
                  access.thread, access.address, access.bytes, access.place});
}

void BlockRunner::check_access(const KernelAccess& access, bool moves) {
  in_kernel = nullptr;
  if (moves && active_counter) count(*active_counter, access);
  if (checker().check(access, running_->stack)) [[likely]] {
    in_kernel = this;
    return;
  }
  {  // the text is gone before the stack is abandoned
    const Fault fault = checker().take_fault();
    set_fault(fault.code, fault.report);
  }
  abandon_block();
}

namespace watch {
namespace {

std::uintptr_t number(const void* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer);
}

}  // namespace

void work_begins(std::uint32_t first_item) {
  checker().begin_work(first_item);
}
void node_begins(std::size_t node) {
  checker().begin_node(node);
}

void kernel_begins(const KernelCall& call) {
  checker().begin_kernel(call);
  if (active_counter) active_counter->begin_kernel(kernel_name(call.function), call.grid, call.block);
}
void kernel_ends() {
  if (active_counter) active_counter->end_kernel();
}

void block_begins(unsigned block, const SharedMemory& shared) {
  checker().begin_block(block, shared);
  if (active_counter) active_counter->begin_block();
}
void block_ends() {
  if (active_counter) active_counter->end_block();
}

void barrier() {
  checker().order().barrier();
  if (active_counter) active_counter->barrier();
}
void warp_meets(int warp, std::uint32_t lanes, bool is_syncwarp) {
  if (is_syncwarp) checker().order().syncwarp(warp, lanes);
  if (active_counter) active_counter->warp_collective(warp, lanes);
}

void fence(int thread) {
  BlockRunner* runner = std::exchange(BlockRunner::in_kernel, nullptr);
  checker().order().fence(thread);
  BlockRunner::in_kernel = runner;
}

Fault copy(void* destination, const void* source, std::size_t bytes) {
  Checker& check = checker();
  check.begin_transfer("a copy");
  if (!check.check_range(number(source), bytes, Touch::read)) return check.take_fault();
  if (!check.check_range(number(destination), bytes, Touch::write)) return check.take_fault();
  check.copy_written(number(destination), number(source), bytes);
  std::memcpy(destination, source, bytes);
  return {};
}

Fault fill(void* pointer, int value, std::size_t bytes) {
  Checker& check = checker();
  check.begin_transfer("a fill");
  if (!check.check_range(number(pointer), bytes, Touch::write)) return check.take_fault();
  std::memset(pointer, value, bytes);
  return {};
}

void refuse_host_access(const KernelAccess& access) {
  if (is_trusted) return;
  const Trusted trusted;
  Device::instance().set_fault({cudaErrorIllegalAddress, "the host accesses device memory: " + access_text(access) +
                                                             ", " + allocation_text(access.address)});
}

void refuse_index(Site site, long long index, const char* array) {
  BlockRunner* runner = std::exchange(BlockRunner::in_kernel, nullptr);
  const std::string text = "out of bounds: index " + std::to_string(index) + " of " + array + " at " +
                           source_file(site.file) + ":" + std::to_string(site.line);
  if (runner) runner->stop_at(cudaErrorIllegalAddress, text);
  Device::instance().set_fault({cudaErrorIllegalAddress, "host code is " + text});
}

}  // namespace watch
}  // namespace simt

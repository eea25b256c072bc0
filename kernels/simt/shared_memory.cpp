#include "kernels/simt/shared_memory.h"

#include <link.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>

#include "kernels/simt/poison.h"

// The linker's names for the bounds of the section that __shared__ puts its variables in: here, of the image from
// which each thread's copy is initialised. There are none where the device is a library of its own (announcement.cpp).
extern "C" {
extern char __start_simt_shared[] __attribute__((weak, visibility("hidden")));
extern char __stop_simt_shared[] __attribute__((weak, visibility("hidden")));
}

namespace simt {
namespace {

std::mutex g_added_mutex;
std::vector<SharedVariables (*)()> g_added;

struct ThreadLocalBlock {
  std::byte* shared = nullptr;
};

// Finds the module whose thread-local image holds the section, and the calling thread's copy of it.
int find_module(dl_phdr_info* module, std::size_t, void* result) {
  for (int i = 0; i < module->dlpi_phnum; ++i) {
    const auto& segment = module->dlpi_phdr[i];
    if (segment.p_type != PT_TLS) continue;
    const char* image = reinterpret_cast<const char*>(module->dlpi_addr + segment.p_vaddr);
    if (__start_simt_shared < image || __start_simt_shared >= image + segment.p_memsz) continue;
    if (!module->dlpi_tls_data) continue;
    static_cast<ThreadLocalBlock*>(result)->shared =
        static_cast<std::byte*>(module->dlpi_tls_data) + (__start_simt_shared - image);
    return 1;
  }
  return 0;
}

}  // namespace

void SharedMemory::Free::operator()(void* memory) const {
  std::free(memory);
}

void SharedMemory::resize_dynamic(std::size_t bytes) {
  dynamic_bytes_ = bytes;
  if (bytes == 0 || bytes + kGuard <= capacity_) return;
  const std::size_t rounded = (bytes + kGuard + 127) / 128 * 128;
  dynamic_.reset(std::aligned_alloc(128, rounded));
  if (!dynamic_) throw std::bad_alloc();
  capacity_ = rounded;
}

void SharedMemory::poison() {
  if (dynamic_bytes_) std::memset(dynamic_.get(), kPoison, dynamic_bytes_);
  const std::span<std::byte> statics = static_shared_memory();
  if (!statics.empty()) std::memset(statics.data(), kPoison, statics.size());
  for (const auto of_calling_thread : added_shared_variables()) {
    const SharedVariables variables = of_calling_thread();
    std::memset(variables.begin, kPoison, variables.bytes);
  }
}

std::vector<SharedRange> SharedMemory::ranges() const {
  constexpr const char* kStatic = "the __shared__ variables";
  std::vector<SharedRange> ranges;
  if (dynamic_bytes_ > 0) {
    ranges.push_back({static_cast<const std::byte*>(dynamic_.get()), dynamic_bytes_, "the dynamic shared memory"});
  }
  const auto statics = static_shared_memory();
  if (!statics.empty()) ranges.push_back({statics.data(), statics.size(), kStatic});
  for (const auto of_calling_thread : added_shared_variables()) {
    const SharedVariables variables = of_calling_thread();
    ranges.push_back({static_cast<const std::byte*>(variables.begin), variables.bytes, kStatic});
  }
  return ranges;
}

void SharedMemory::set_guard() {
  if (dynamic_) std::memset(static_cast<unsigned char*>(dynamic_.get()) + dynamic_bytes_, kPoison, kGuard);
}

std::optional<std::size_t> SharedMemory::find_damage() const {
  if (!dynamic_) return std::nullopt;
  const unsigned char* begin = static_cast<const unsigned char*>(dynamic_.get()) + dynamic_bytes_;
  const unsigned char* found = std::find_if(begin, begin + kGuard, [](unsigned char byte) { return byte != kPoison; });
  return found == begin + kGuard ? std::nullopt : std::optional(static_cast<std::size_t>(found - begin));
}

std::span<std::byte> static_shared_memory() {
  if (+__start_simt_shared == +__stop_simt_shared) return {};
  ThreadLocalBlock block;
  dl_iterate_phdr(find_module, &block);
  if (!block.shared) return {};
  return {block.shared, static_cast<std::size_t>(__stop_simt_shared - __start_simt_shared)};
}

void add_shared_variables(SharedVariables (*of_calling_thread)()) {
  const std::lock_guard lock(g_added_mutex);
  if (std::find(g_added.begin(), g_added.end(), of_calling_thread) == g_added.end()) {
    g_added.push_back(of_calling_thread);
  }
}
std::vector<SharedVariables (*)()> added_shared_variables() {
  const std::lock_guard lock(g_added_mutex);
  return g_added;
}

}  // namespace simt

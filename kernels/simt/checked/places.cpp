#include "kernels/simt/checked/places.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "kernels/simt/symbolizer.h"

namespace simt {
namespace {

constexpr int kOffsetBits = 27;  // programs of up to 128 MiB, 32 of them
constexpr std::size_t kModules = 32;

struct Module {
  std::uintptr_t begin, end;
};
std::mutex g_modules_mutex;  // used by reports at the very end too: never destroyed
auto& g_modules = *new std::vector<Module>;

int add_module(dl_phdr_info* info, std::size_t, void* address) {
  Module module{~std::uintptr_t{0}, 0};
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    module.begin = std::min<std::uintptr_t>(module.begin, info->dlpi_addr + segment.p_vaddr);
    module.end = std::max<std::uintptr_t>(module.end, info->dlpi_addr + segment.p_vaddr + segment.p_memsz);
  }
  const auto wanted = *static_cast<const std::uintptr_t*>(address);
  if (wanted < module.begin || wanted >= module.end) return 0;
  g_modules.push_back(module);
  return 1;
}

// The module that holds the address; -1 if there is none, or no number left for it.
int module_of(std::uintptr_t address) {
  const std::lock_guard lock(g_modules_mutex);
  for (std::size_t i = 0; i < g_modules.size(); ++i) {
    if (address >= g_modules[i].begin && address < g_modules[i].end) return static_cast<int>(i);
  }
  if (g_modules.size() == kModules || !dl_iterate_phdr(add_module, &address)) return -1;
  return static_cast<int>(g_modules.size() - 1);
}

bool is_library_of_owners(const std::string& file) {
  return file.empty() || file.starts_with("/usr/") || file.starts_with("kernels/runtime/") ||
         file.starts_with("kernels/simt/");
}

}  // namespace

std::uint32_t short_place(std::uintptr_t address) {
  struct Last {  // modules change seldom from one instruction to the next
    std::uintptr_t begin = 1, end = 0;
    std::uint32_t number = 0;
  };
  static thread_local Last last;
  if (address < last.begin || address >= last.end) {
    const int module = module_of(address);
    if (module < 0) return 0;
    const std::lock_guard lock(g_modules_mutex);
    const auto [begin, end] = g_modules[static_cast<std::size_t>(module)];
    last = {begin, end, static_cast<std::uint32_t>(module)};
  }
  const std::uintptr_t offset = address - last.begin;
  return offset >> kOffsetBits ? 0 : last.number << kOffsetBits | static_cast<std::uint32_t>(offset);
}

std::uintptr_t full_place(std::uint32_t place) {
  if (place == 0) return 0;
  const std::lock_guard lock(g_modules_mutex);
  return g_modules.at(place >> kOffsetBits).begin + (place & ((1u << kOffsetBits) - 1));
}

std::string describe_place(std::uintptr_t address) {
  if (address == 0) return "an unknown place";
  std::string text;
  for (const Frame& frame : frames_at(address)) {
    text += (text.empty() ? "" : ", in ") + frame.function + " at " + frame.file + ":" + std::to_string(frame.line);
  }
  if (!text.empty()) return text;
  Dl_info info{};
  char offset[40];
  const bool known = dladdr(reinterpret_cast<void*>(address), &info) != 0;
  const auto base = known ? reinterpret_cast<std::uintptr_t>(info.dli_fbase) : 0;
  std::snprintf(offset, sizeof offset, "+0x%zx", address - base);
  return (known ? info.dli_fname : "") + std::string(offset);
}

CallStack call_stack() {
  std::array<void*, 10> addresses{};
  const int count = backtrace(addresses.data(), static_cast<int>(addresses.size()));
  CallStack stack{};
  for (int i = 2; i < count; ++i) {  // without this function and the one that asks
    stack[static_cast<std::size_t>(i - 2)] = reinterpret_cast<std::uintptr_t>(addresses[static_cast<std::size_t>(i)]);
  }
  return stack;
}

std::string describe_caller(const CallStack& stack) {
  for (const std::uintptr_t address : stack) {
    if (address == 0) break;
    for (const Frame& frame : frames_at(address)) {
      if (!is_library_of_owners(frame.file)) return frame.file + ":" + std::to_string(frame.line);
    }
  }
  return describe_place(stack[0]);
}

}  // namespace simt

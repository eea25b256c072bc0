#include "kernels/simt/checked/host_memory.h"

#include <link.h>

#include <algorithm>
#include <vector>

#include "kernels/simt/thread_model.h"

namespace simt {
namespace {

struct Range {
  std::uintptr_t begin, end;
};

int add_segments(dl_phdr_info* module, std::size_t, void* ranges) {
  for (int i = 0; i < module->dlpi_phnum; ++i) {
    const auto& segment = module->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    const std::uintptr_t begin = module->dlpi_addr + segment.p_vaddr;
    static_cast<std::vector<Range>*>(ranges)->push_back({begin, begin + segment.p_memsz});
  }
  return 0;
}

bool is_in(const std::vector<Range>& ranges, std::uintptr_t address) {
  return std::any_of(ranges.begin(), ranges.end(), [=](Range r) { return address >= r.begin && address < r.end; });
}

template <class T>
bool holds(const T& variable, std::uintptr_t address, unsigned bytes) {
  const std::uintptr_t offset = address - reinterpret_cast<std::uintptr_t>(&variable);
  return offset < sizeof variable && bytes <= sizeof variable - offset;
}

}  // namespace

bool is_of_program(std::uintptr_t address) {
  static std::vector<Range> ranges;
  if (is_in(ranges, address)) return true;
  ranges.clear();  // a library may have been loaded since
  dl_iterate_phdr(add_segments, &ranges);
  return is_in(ranges, address);
}

bool is_thread_index(std::uintptr_t address, unsigned bytes) {
  return holds(threadIdx, address, bytes) || holds(blockIdx, address, bytes) || holds(blockDim, address, bytes) ||
         holds(gridDim, address, bytes) || holds(block_threads, address, bytes);
}

}  // namespace simt

#include "kernels/simt/checked/leaks.h"

#include <map>
#include <mutex>

#include "kernels/simt/checked/arena.h"
#include "kernels/simt/checked/places.h"
#include "kernels/simt/simt.h"

namespace simt {
namespace {

struct Made {
  const char* kind;
  CallStack by;
};
struct Living {
  std::mutex mutex;
  std::map<const void*, Made> handles;
};
Living& living() {
  static auto* handles = new Living;  // for whoever releases last
  return *handles;
}

}  // namespace

void leaks::made(const void* handle, const char* kind) {
  const std::lock_guard lock(living().mutex);
  living().handles[handle] = {kind, call_stack()};
}
void leaks::released(const void* handle) {
  const std::lock_guard lock(living().mutex);
  living().handles.erase(handle);
}

std::string leak_report() {
  std::string report;
  for (const Allocation& allocation : checked_arena().living()) {
    report += "not freed: " + std::to_string(allocation.bytes) + " bytes of " +
              (allocation.kind == MemoryKind::pinned ? "pinned" : "device") + " memory, allocated at " +
              describe_caller(allocation.allocated) + "\n";
  }
  const std::lock_guard lock(living().mutex);
  for (const auto& [handle, made] : living().handles) {
    report += std::string("not released: ") + made.kind + ", made at " + describe_caller(made.by) + "\n";
  }
  return report;
}

}  // namespace simt

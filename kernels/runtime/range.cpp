#include "kernels/runtime/range.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/ranges.h"
#else
#include <nvtx3/nvToolsExt.h>
#endif

namespace duel {

namespace {

thread_local RangeObserver* t_observer = nullptr;

#ifdef DUEL_CPU_DEVICE

void push(const std::string& name) {
  simt::push_range(name);
}
void pop() {
  simt::pop_range();
}

#else

nvtxDomainHandle_t domain() {
  static const nvtxDomainHandle_t handle = nvtxDomainCreateA("duel");
  return handle;
}

void push(const std::string& name) {
  nvtxEventAttributes_t attributes{};
  attributes.version = NVTX_VERSION;
  attributes.size = NVTX_EVENT_ATTRIB_STRUCT_SIZE;
  attributes.messageType = NVTX_MESSAGE_TYPE_ASCII;
  attributes.message.ascii = name.c_str();  // copied by the profiler
  nvtxDomainRangePushEx(domain(), &attributes);
}
void pop() {
  nvtxDomainRangePop(domain());
}

#endif

}  // namespace

void observe_ranges(RangeObserver* observer) {
  t_observer = observer;
}

Range::Range(const std::string& name) {
  push(name);
  if (t_observer) t_observer->opened(name);
}

Range::~Range() {
  if (t_observer) t_observer->closed();
  pop();
}

}  // namespace duel

#include "kernels/runtime/range.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/ranges.h"
#else
#include <nvtx3/nvToolsExt.h>
#endif

namespace duel {

#ifdef DUEL_CPU_DEVICE

Range::Range(const std::string& name) {
  simt::push_range(name);
}
Range::~Range() {
  simt::pop_range();
}

#else

static nvtxDomainHandle_t domain() {
  static const nvtxDomainHandle_t handle = nvtxDomainCreateA("duel");
  return handle;
}

Range::Range(const std::string& name) {
  nvtxEventAttributes_t attributes{};
  attributes.version = NVTX_VERSION;
  attributes.size = NVTX_EVENT_ATTRIB_STRUCT_SIZE;
  attributes.messageType = NVTX_MESSAGE_TYPE_ASCII;
  attributes.message.ascii = name.c_str();  // copied by the profiler
  nvtxDomainRangePushEx(domain(), &attributes);
}
Range::~Range() {
  nvtxDomainRangePop(domain());
}

#endif

}  // namespace duel

// Portable builds, in which the CPU device is a library of its own: the first object of every module with kernels.
#include "kernels/simt/kernel_level.h"
#include "kernels/simt/own_shared_variables.h"

namespace simt {
namespace {

[[maybe_unused]] const bool kAnnounced = [] {
  add_shared_variables(own_shared_variables);
#ifdef DUEL_CPU_LEVEL
  set_kernel_level(DUEL_CPU_LEVEL);
#endif
  return true;
}();

}  // namespace
}  // namespace simt

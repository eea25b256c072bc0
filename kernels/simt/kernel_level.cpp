#include "kernels/simt/kernel_level.h"

namespace simt {
namespace {

const char* g_level = "";

}  // namespace

std::string kernel_level() {
  return g_level;
}
void set_kernel_level(const char* level) {
  g_level = level;
}

}  // namespace simt

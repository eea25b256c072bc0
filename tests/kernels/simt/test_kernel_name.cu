// Reports and counters name kernels, whatever their linkage.
#include "kernels/simt/kernel_name.h"
#include "tests/kernels/simt/simt_test.h"

__global__ void global_kernel(int*) {}

namespace {

__global__ void local_kernel(int*) {}

template <int kSize>
__global__ void template_kernel(int*) {}

std::string name_of(void (*kernel)(int*)) {
  return simt::kernel_name(reinterpret_cast<const void*>(kernel));
}

}  // namespace

TEST_CASE("kernels are known by name, in anonymous namespaces too") {
  CHECK(name_of(global_kernel) == "global_kernel");
  CHECK(name_of(local_kernel) == "(anonymous namespace)::local_kernel");
  CHECK(name_of(template_kernel<32>) == "(anonymous namespace)::template_kernel<32>");
}

TEST_CASE("an address without a function is named as such") {
  static const int no_function = 0;
  CHECK(simt_test::contains(simt::kernel_name(&no_function), "kernel at 0x"));
  CHECK(simt_test::contains(simt::kernel_name(reinterpret_cast<const void*>(16)), "kernel at 0x10"));
}

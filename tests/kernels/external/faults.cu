// A kernel file whose variants are wrong, each in its own way, in kernels and in the code of the host around them.
#include <signal.h>
#include <unistd.h>

#include <cassert>
#include <cstdlib>
#include <stdexcept>

#include "kernels/external/kernel_file.h"
#include "kernels/ops/flat_update/flat_update.h"

namespace {

using Arguments = duel::FlatUpdate<float, duel::Adam>;

__global__ void asserting_kernel(float* values) {
  const int five = static_cast<int>(threadIdx.x) == 5 ? 5 : 0;
  assert(five != 5);
  values[threadIdx.x] = 0;
}
__global__ void dividing_kernel(float* values, int zero) {
  values[threadIdx.x] = static_cast<float>(7 / zero);
}
__global__ void harmless_kernel(float*) {}
__global__ void endless_kernel() {  // and somebody asks the program to end meanwhile
  kill(getpid(), SIGTERM);
  for (volatile int k = 1; k;) continue;
}

template <int kThreads, int kSharedBytes = 0>
void launch_in_shape(const Arguments& a, duel::StreamView stream) {
  duel::launch(stream, {1, kThreads, kSharedBytes}, harmless_kernel, a.parameter.data);
}

struct Static {
  Static() {
    if (std::getenv("DUEL_TEST_STATIC_EXIT")) std::exit(0);
    if (std::getenv("DUEL_TEST_STATIC_THROW")) throw 42;
  }
} at_load;

}  // namespace

extern "C" void duel_add_kernels(duel::KernelSelection& kernels) {
  const auto add = [&](const char* name, void (*launch)(const Arguments&, duel::StreamView)) {
    kernels.add(duel::flat_update_op<duel::Adam>(), {name, "wrong", duel::supports_any_device, launch});
  };
  add("exits", [](const Arguments&, duel::StreamView) { std::exit(0); });
  add("ends_at_once", [](const Arguments&, duel::StreamView) { std::_Exit(0); });
  add("throws", [](const Arguments&, duel::StreamView) { throw std::runtime_error("no luck"); });
  add("throws_a_number", [](const Arguments&, duel::StreamView) { throw 42; });
  add("divides", [](const Arguments&, duel::StreamView) {
    volatile int zero = 0;
    zero = 7 / zero;
  });
  add("aborts", [](const Arguments&, duel::StreamView) { std::abort(); });
  add("too_many_threads", launch_in_shape<2048>);
  add("no_thread", launch_in_shape<0>);
  add("too_much_memory", launch_in_shape<1, 1 << 20>);
  const auto launch_nothing = [](const Arguments&, duel::StreamView) {};
  const auto throws = [](const Arguments&, const duel::Device&) -> bool { throw std::runtime_error("no answer"); };
  const auto exits = [](const Arguments&, const duel::Device&) -> bool { std::exit(0); };
  kernels.add(duel::flat_update_op<duel::Adam>(), {"asked_in_vain", "wrong", throws, launch_nothing});
  kernels.add(duel::flat_update_op<duel::Adam>(), {"exits_when_asked", "wrong", exits, launch_nothing});
  add("kernel_asserts", [](const Arguments& a, duel::StreamView stream) {
    duel::launch(stream, {1, 8}, asserting_kernel, a.parameter.data);
  });
  add("kernel_never_ends", [](const Arguments&, duel::StreamView stream) {
    duel::launch(stream, {1, 1}, endless_kernel);
  });
  add("kernel_divides", [](const Arguments& a, duel::StreamView stream) {
    duel::launch(stream, {1, 1}, dividing_kernel, a.parameter.data, 0);
  });
}

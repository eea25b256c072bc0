// Kernels that never end. The device cannot be used afterwards, so each runs in a process of its own.
#include "tests/kernels/simt/child.h"
#include "tests/kernels/simt/simt_test.h"

using duel::DeviceBuffer;
using duel::launch;
using duel::StreamView;
using simt_test::contains;
using simt_test::report_of;
using simt_test::run_child;

namespace time_limit {

enum class Endless { loop, flag, barriers, none };

__global__ void endless_kernel(int* flag, Endless kind) {
  volatile int* const watched = flag;
  if (kind == Endless::loop && blockIdx.x == 1 && threadIdx.x == 2) {
    while (*watched >= 0) continue;
  }
  if (kind == Endless::flag && threadIdx.x == 0) {
    while (*watched == 0) continue;  // thread 1 never comes to set it
  }
  if (kind == Endless::flag && threadIdx.x == 1) *watched = 1;
  while (kind == Endless::barriers) __syncthreads();
}

std::string report(Endless kind, int threads, double seconds = 0.1) {
  simt::Options options = simt_test::options_of(simt::Schedule::forward, 1, threads);
  options.block_seconds = seconds;
  simt::set_options(options);
  return report_of([=](StreamView stream) {
    const DeviceBuffer<int> flag(std::vector<int>(1), stream);
    launch(stream, {4, 64}, endless_kernel, flag.data(), kind);
    stream.synchronize();
  });
}

void tell(Endless kind, int threads) {
  std::printf("%s\nleft: %s\n", report(kind, threads).c_str(), cudaGetErrorName(cudaDeviceSynchronize()));
  std::fflush(stdout);
  std::_Exit(0);  // as a program that has failed, but without what Catch would say
}

}  // namespace time_limit

using namespace time_limit;

TEST_CASE("child: a thread that loops", "[.]") {
  tell(Endless::loop, 2);
}
TEST_CASE("child: a thread that waits for a flag", "[.]") {
  tell(Endless::flag, 3);
}
TEST_CASE("child: barriers for ever", "[.]") {
  tell(Endless::barriers, 1);
}

TEST_CASE("a kernel that never ends is stopped by the time limit, and the fault stays") {
  const struct {
    const char *child, *place;
  } kinds[] = {{"child: a thread that loops", "block (1,0,0), thread (2,0,0): "},
               {"child: a thread that waits for a flag", "thread (0,0,0): "},
               {"child: barriers for ever", "block (0,0,0), thread ("}};
  for (const auto& [child, place] : kinds) {
    const auto [output, status] = run_child(child);
    INFO(output);
    CHECK(contains(output, "cudaErrorLaunchTimeout: the launch timed out and was terminated"));
    CHECK(contains(output, "endless_kernel, "));
    CHECK(contains(output, place));
    CHECK(contains(output, "still running, and no block of the grid has ended for 0.1 s"));
    CHECK(contains(output, "left: cudaErrorLaunchTimeout"));
    CHECK(status == 0);
  }
}

TEST_CASE("the time limit leaves kernels alone whose blocks end") {
  const auto saved = simt::options();
  CHECK(report(Endless::none, 2, 0.001) == "");
  simt::set_options(saved);
}

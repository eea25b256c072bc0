// Kernels that may overlap the one before them, with and without waiting for it.
#include "kernels/device/programmatic_launch.cuh"
#include "tests/kernels/simt/checked/checked_test.h"

using checked_test::at;
using checked_test::report_of_correct;
using checked_test::unlike;
using duel::DeviceBuffer;
using duel::launch;
using duel::StreamView;
using simt_test::contains;

namespace programmatic_launch {

enum class Waits { all, none, some, late };

constexpr int kAdd = __LINE__;
__global__ void add_kernel(int* cells, Waits waits) {
  __shared__ int own[64];
  own[threadIdx.x] = 1;  // shared memory is the block's own: no need to wait
  if (waits == Waits::all || (waits == Waits::some && threadIdx.x != 3)) duel::begin_overlapping_kernel();
  cells[threadIdx.x] += own[threadIdx.x];
  if (waits == Waits::late) duel::wait_for_previous_kernel();
}

}  // namespace programmatic_launch

using namespace programmatic_launch;

namespace {

auto two_kernels(Waits waits, bool overlaps = true) {
  return [=](StreamView stream) {
    const DeviceBuffer<int> cells(std::vector<int>(64), stream);
    for (int i = 0; i < 2; ++i) {
      launch(stream, {.grid = 1, .block = 64, .overlaps_previous = overlaps}, add_kernel, cells.data(), waits);
    }
    const std::vector<int> values = cells.download(stream);
    CHECK(values == std::vector<int>(64, 2));
  };
}

}  // namespace

TEST_CASE("a kernel that may overlap the one before it waits before it touches global memory") {
  const std::string place = at(__FILE__, kAdd + 5);
  CHECK(report_of_correct(two_kernels(Waits::all)) == "");
  for (const Waits waits : {Waits::none, Waits::late}) {
    CHECK(unlike(two_kernels(waits), {"too early: read of 4 bytes", "wait_for_previous_kernel()", place}) == "");
  }
  CHECK(unlike(two_kernels(Waits::some), {"too early", "thread (3,0,0)", place}) == "");
}

// As a GPU of sm_90 that compiles PTX of an older one at run time: the instruction that waits is not in the code.
TEST_CASE("a kernel whose code cannot wait is never launched so that it overlaps") {
  simt::Options options = simt_test::options_of(simt::Schedule::forward);
  options.architecture = 89;
  const simt_test::Scope scope(options);
  CHECK(simt_test::report_of(two_kernels(Waits::all)) == "");
  CHECK(simt_test::report_of(two_kernels(Waits::none)) == "");
  const auto overlap_by_force = [](StreamView stream) {
    const DeviceBuffer<int> cells(std::vector<int>(64), stream);
    cudaLaunchAttribute overlap{};
    overlap.id = cudaLaunchAttributeProgrammaticStreamSerialization;
    overlap.val.programmaticStreamSerializationAllowed = 1;
    cudaLaunchConfig_t config{};
    config.gridDim = 1;
    config.blockDim = 64;
    config.stream = stream.get();
    config.attrs = &overlap;
    config.numAttrs = 1;
    duel::check(cudaLaunchKernelEx(&config, add_kernel, cells.data(), Waits::all));
    stream.synchronize();
  };
  CHECK(contains(simt_test::report_of(overlap_by_force), "too early: read of 4 bytes"));
}

TEST_CASE("a kernel that never overlaps need not wait") {
  CHECK(report_of_correct(two_kernels(Waits::none, false)) == "");
}

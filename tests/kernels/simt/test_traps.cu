// What the processor or the vector types refuse a kernel: the kernel stops, and says where. AddressSanitizer's builds
// have reports of their own.
#include <cstdlib>
#include <limits>

#include "kernels/device/async_copy.cuh"
#include "kernels/runtime/launched_by.h"
#include "tests/kernels/simt/child.h"
#include "tests/kernels/simt/planted.h"

using duel::DeviceBuffer;
using duel::launch;
using duel::Stream;
using duel::StreamView;
using simt_test::contains;
using simt_test::kAddressSanitizer;
using simt_test::options_of;
using simt_test::report_of;
using simt_test::run_child;
using simt_test::Scope;
using simt_test::unexpected_report;

namespace traps {

enum class Access {
  load4,
  store4,
  load2,
  load_int4,
  store_uchar4,
  copy_async,
  read_wild,
  read_null,
  write_wild,
  read_uncanonical,
  own_vector,
};

constexpr std::size_t kWild = std::size_t{1} << 38;         // floats: so far behind the heap is nothing
constexpr std::size_t kUncanonical = std::size_t{1} << 45;  // an address of more than 47 bits

typedef float OwnVector __attribute__((vector_size(16)));

constexpr int kLoad4 = __LINE__ + 5;
__global__ void access_kernel(float* memory, Access access, std::size_t offset) {
  __shared__ float tile[32];
  if (threadIdx.x != 3) return;
  float* const place = memory + offset;
  const auto load4 = [&] { return *reinterpret_cast<const float4*>(place); };
  switch (access) {
    case Access::load4:
      memory[0] = load4().x;
      break;
    case Access::store4:
      *reinterpret_cast<float4*>(place) = make_float4(1, 2, 3, 4);
      break;
    case Access::load2: {
      const float2 two = *reinterpret_cast<const float2*>(place);
      memory[0] = two.y;
      break;
    }
    case Access::load_int4: {
      const int4 four = *reinterpret_cast<const int4*>(place);
      memory[0] = static_cast<float>(four.w);
      break;
    }
    case Access::store_uchar4:
      *reinterpret_cast<uchar4*>(reinterpret_cast<char*>(memory) + offset) = uchar4{1, 2, 3, 4};
      break;
    case Access::copy_async:
      duel::copy_async<4>(tile, place, true);
      duel::commit_copies();
      duel::wait_for_copies<0>();
      memory[0] = tile[0];
      break;
    case Access::read_wild:
      memory[0] = memory[kWild + offset];
      break;
    case Access::read_null:
      memory[0] = *reinterpret_cast<volatile float*>(offset);
      break;
    case Access::write_wild:
      *const_cast<volatile float*>(memory + kWild + offset) = 1;
      break;
    case Access::read_uncanonical:
      memory[0] = *const_cast<volatile float*>(memory + kUncanonical);
      break;
    case Access::own_vector: {
      const OwnVector own = *const_cast<const volatile OwnVector*>(reinterpret_cast<const OwnVector*>(place));
      memory[0] = own[1];
      break;
    }
  }
}

auto accessing(Access access, std::size_t offset) {
  return [=](StreamView stream) {
    const duel::LaunchedBy launched_by("an_op", "a_variant");
    const DeviceBuffer<float> memory(std::vector<float>(64), stream);
    launch(stream, {1, 8}, access_kernel, memory.data(), access, offset);
    stream.synchronize();
  };
}

enum class Arithmetic { divide, trap, recurse };

__attribute__((noinline)) int recurse(int depth) {
  volatile char frame[1024];
  frame[depth % 1024] = static_cast<char>(depth);
  return depth > 1 << 30 ? frame[3] : recurse(depth + 1) + frame[5];
}

__global__ void calculate_kernel(int* out, Arithmetic what, int zero) {
  if (threadIdx.x != 5) return;
  if (what == Arithmetic::divide) out[0] = out[1] / zero;
  if (what == Arithmetic::trap) __builtin_trap();
  if (what == Arithmetic::recurse) out[0] = recurse(zero);
}

auto calculating(Arithmetic what) {
  return [=](StreamView stream) {
    const DeviceBuffer<int> out(std::vector<int>(2, 7), stream);
    launch(stream, {1, 8}, calculate_kernel, out.data(), what, 0);
    stream.synchronize();
  };
}

// Half of the block waits at a barrier, so that threads are fibers by then.
__global__ void behind_barrier_kernel(float* memory, std::size_t offset) {
  __syncthreads();
  if (threadIdx.x == 33) memory[0] = memory[kWild + offset];
  __syncthreads();
  memory[threadIdx.x] = 1;
}

}  // namespace traps

using namespace traps;

TEST_CASE(
    "a vector access at an address that is no multiple of its size stops the kernel, with the thread and the address") {
  if (kAddressSanitizer) return;
  for (const Access access : {Access::load4, Access::store4, Access::load_int4, Access::copy_async}) {
    INFO(static_cast<int>(access));
    CHECK(unexpected_report(
              accessing(access, 1),
              {"cudaErrorMisalignedAddress: misaligned address",
               "traps::access_kernel, block (0,0,0), thread (3,0,0): ", "misaligned vector of 16 bytes at address 0x",
               ", 4 bytes into an allocation of 256 bytes", "; variant an_op=a_variant"}) == "");
    CHECK(report_of(accessing(access, 4)) == "");
  }
  CHECK(unexpected_report(accessing(Access::load2, 1), {"misaligned vector of 8 bytes"}) == "");
  CHECK(report_of(accessing(Access::load2, 2)) == "");
  CHECK(unexpected_report(accessing(Access::store_uchar4, 2), {"misaligned vector of 4 bytes"}) == "");
  CHECK(contains(report_of(accessing(Access::own_vector, 1)), "cudaErrorMisalignedAddress"));
  CHECK(report_of(accessing(Access::own_vector, 4)) == "");
  CHECK(unexpected_report(accessing(Access::load4, 2), {"test_traps.cu:" + std::to_string(kLoad4)}) == "");
}

TEST_CASE("a read where nothing is stops the kernel, and the next one runs") {
  if (kAddressSanitizer) return;
  CHECK(unexpected_report(
            accessing(Access::read_wild, 0),
            {"cudaErrorIllegalAddress", "access_kernel, block (0,0,0), thread (3,0,0): illegal read at address 0x",
             "after the end of an allocation of 256 bytes", "; variant an_op=a_variant"}) == "");
  CHECK(unexpected_report(accessing(Access::read_null, 8),
                          {"illegal read at address 0x8, which is near the null pointer"}) == "");
  const auto behind_barrier = [](StreamView stream) {
    const DeviceBuffer<float> memory(std::vector<float>(64), stream);
    launch(stream, {4, 64}, behind_barrier_kernel, memory.data(), std::size_t{0});
    stream.synchronize();
  };
  CHECK(unexpected_report(behind_barrier, {"behind_barrier_kernel", "thread (33,0,0): illegal read"}, 2) == "");
  CHECK(report_of(accessing(Access::load4, 0)) == "");
}

TEST_CASE("arithmetic and stacks that the processor refuses stop the kernel") {
  if (kAddressSanitizer) return;
  CHECK(unexpected_report(calculating(Arithmetic::divide),
                          {"cudaErrorLaunchFailure", "thread (5,0,0): integer division by zero"}) == "");
  CHECK(unexpected_report(calculating(Arithmetic::trap), {"cudaErrorIllegalInstruction", "thread (5,0,0)"}) == "");
  CHECK(unexpected_report(calculating(Arithmetic::recurse),
                          {"cudaErrorHardwareStackError", "thread (5,0,0): the thread has used up its stack"}) == "");
}

// What a write hit before it came to a place where nothing is, nobody knows: the process is not to be trusted any more.
TEST_CASE("child: a write where nothing is", "[.]") {
  const Scope scope(options_of(simt::Schedule::forward));
  std::printf("%s\n", report_of(accessing(Access::write_wild, 0)).c_str());  // and clears the fault
  std::printf("left: %s\n", cudaGetErrorName(cudaDeviceSynchronize()));
  std::fflush(stdout);
  std::_Exit(0);
}
TEST_CASE("a write where nothing is leaves a fault that cannot be cleared") {
  if (kAddressSanitizer) return;
  const std::string output = run_child("child: a write where nothing is").output;
  CHECK(contains(output, "thread (3,0,0): illegal write at address 0x"));
  CHECK(contains(output, "left: cudaErrorIllegalAddress"));
}

TEST_CASE("child: an address that no memory has", "[.]") {
  const Scope scope(options_of(simt::Schedule::forward));
  std::printf("%s\n", report_of(accessing(Access::read_uncanonical, 0)).c_str());
  std::fflush(stdout);
  std::_Exit(0);
}
TEST_CASE("an address that no memory can have is illegal, not misaligned") {
  if (kAddressSanitizer) return;
  const std::string output = run_child("child: an address that no memory has").output;
  CHECK(contains(output, "cudaErrorIllegalAddress"));
}

TEST_CASE("child: a signal outside of kernels", "[.]") {
  const Scope scope(options_of(simt::Schedule::forward));
  const duel::LaunchedBy launched_by("an_op", "a_variant");
  static_cast<void>(report_of(accessing(Access::load4, 0)));
  volatile int* volatile nowhere = reinterpret_cast<volatile int*>(8);  // the compiler must not know it
  *nowhere = 1;
}
TEST_CASE("a signal outside of kernels ends the program as ever, after the last kernel was named") {
  if (kAddressSanitizer) return;
  const auto [output, status] = run_child("child: a signal outside of kernels");
  CHECK(contains(
      output,
      "CPU device: SIGSEGV outside of kernels; the last one that ran is of an_op=a_variant; the last launcher is "
      "that of an_op=a_variant. "));
  CHECK(status == 128 + SIGSEGV);
}

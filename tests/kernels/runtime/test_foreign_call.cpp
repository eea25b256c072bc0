#include "kernels/runtime/foreign_call.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/text.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/sanitizer.h"
#include "kernels/simt/simt.h"
#include "tests/kernels/simt/child.h"
#endif

namespace duel {
namespace {

using test::contains;

constexpr ForeignCode kCode{"the launcher", "an_op", "a_variant"};

// What is thrown, and its code.
template <class Work>
std::string error_of(const Work& work, cudaError_t expected) {
  try {
    call_foreign(kCode, work);
  } catch (const ForeignCodeError& error) {
    CHECK(error.code() == expected);
#ifdef DUEL_CPU_DEVICE
    simt::clear_fault();
#endif
    return error.what();
  }
  return "";
}

TEST_CASE("foreign calls: what ends well is as if nobody looked") {
  int calls = 0;
  call_foreign(kCode, [&] { ++calls; });
  CHECK(calls == 1);
  CHECK(ForeignCode{"duel_add_kernels", "mine.cu"}.text() == "duel_add_kernels of mine.cu");
}

TEST_CASE("foreign calls: exceptions of any type name the code") {
  CHECK(error_of([] { throw 42; }, cudaErrorLaunchFailure) ==
        "the launcher of an_op=a_variant threw something that is no std::exception");
  CHECK(error_of([] { throw std::invalid_argument("no"); }, cudaErrorLaunchFailure) ==
        "the launcher of an_op=a_variant threw an exception: no");
  CHECK(error_of([] { throw std::bad_alloc(); }, cudaErrorMemoryAllocation) ==
        "the launcher of an_op=a_variant: not enough memory on the host");
  CHECK(error_of(
            [] {
              check(cudaErrorInvalidValue, {"mine.cu", 7});
            },
            cudaErrorInvalidValue) ==
        "the launcher of an_op=a_variant: mine.cu:7: cudaErrorInvalidValue: invalid argument");
}

TEST_CASE("foreign calls: of calls in calls, the innermost is named, and the outer goes on") {
  std::string inner;
  call_foreign({"the launcher", "outer", "one"},
               [&] { inner = error_of([] { refuse_exit("exit", 3); }, cudaErrorLaunchFailure); });
  CHECK(inner == "the launcher of an_op=a_variant: exit(3) was called");
  CHECK(error_of(
            [] {
              call_foreign({"supports()", "op", "two"}, [] { throw 1; });
            },
            cudaErrorLaunchFailure) == "supports() of op=two threw something that is no std::exception");
}

#ifdef DUEL_CPU_DEVICE

[[gnu::noinline]] int recurse(int depth) {
  volatile char frame[4096];
  frame[depth % 4096] = 1;
  return depth > 1 << 30 ? frame[0] : recurse(depth + 1) + frame[1];
}

TEST_CASE("foreign calls: signals of the processor name the code") {
  if (simt::kAddressSanitizer) return;
  simt::set_options(simt::options());  // takes the signals back from Catch
  volatile int zero = 0;
  CHECK(contains(error_of([&] { zero = 7 / zero; }, cudaErrorLaunchFailure),
                 "the launcher of an_op=a_variant: integer division by zero"));
  const volatile int* volatile nowhere = reinterpret_cast<const volatile int*>(8);
  CHECK(contains(error_of([&] { zero = *nowhere; }, cudaErrorIllegalAddress),
                 "the launcher of an_op=a_variant: illegal read at address 0x8, which is near the null pointer"));
  CHECK(contains(error_of([&] { zero = recurse(0); }, cudaErrorHardwareStackError),
                 "the launcher of an_op=a_variant: the thread has used up its stack"));
}

TEST_CASE("child: foreign code aborts", "[.]") {
  simt::set_options(simt::options());
  std::printf("%s\n", error_of([] { std::abort(); }, cudaErrorAssert).c_str());
  std::printf("left: %s\n", cudaGetErrorName(cudaDeviceSynchronize()));
  std::fflush(stdout);
  std::_Exit(0);
}
TEST_CASE("foreign calls: abort() names the code, and the device cannot be used any more") {
  if (simt::kAddressSanitizer) return;
  const std::string output = simt_test::output_of_child("child: foreign code aborts");
  CHECK(contains(output, "the launcher of an_op=a_variant: an assertion failed, or abort() was called\n"));
  CHECK(contains(output, "left: cudaErrorAssert"));
}

TEST_CASE("child: foreign code exits in a thread of its own", "[.]") {
  call_foreign(kCode, [] { std::thread([] { refuse_exit("exit", 0); }).join(); });
}
TEST_CASE("foreign calls: exit() in another thread ends the program, but not well") {
  const auto [output, status] = simt_test::run_child("child: foreign code exits in a thread of its own");
  CHECK(contains(output, "exit() was called by code of a kernel file"));
  CHECK(status == 4);
}

TEST_CASE("child: somebody else aborts the program", "[.]") {
  call_foreign(kCode, [] {
    if (std::system(("kill -ABRT " + std::to_string(getpid())).c_str()) != 0) std::_Exit(1);
    for (;;) pause();
  });
}
TEST_CASE("foreign calls: a signal from outside is not theirs") {
  if (simt::kAddressSanitizer) return;
  CHECK(simt_test::run_child("child: somebody else aborts the program").status == 128 + SIGABRT);
}

#endif

}  // namespace
}  // namespace duel

// Calls of the runtime API that are made to fail.
#include "tests/kernels/simt/child.h"
#include "tests/kernels/simt/simt_test.h"

using duel::DeviceBuffer;
using simt_test::contains;
using simt_test::run_child;

namespace {

// The failing call does not outlive a test.
struct Failing {
  explicit Failing(std::uint64_t number, std::optional<cudaError_t> error = std::nullopt) {
    simt::fail_call(number, error);
  }
  Failing(const Failing&) = delete;
  Failing& operator=(const Failing&) = delete;
  ~Failing() {
    simt::fail_call(0);
    simt::clear_fault();
  }
};

}  // namespace

TEST_CASE("the k-th call fails, those before and after it do not, and calls are counted") {
  const Failing failing(3, cudaErrorInvalidValue);
  const std::uint64_t before = simt::counters().calls;
  int device = 0;
  CHECK(cudaGetDevice(&device) == cudaSuccess);
  CHECK(cudaSetDevice(0) == cudaSuccess);
  CHECK(simt::failed_call() == "");
  CHECK(cudaDeviceSynchronize() == cudaErrorInvalidValue);
  CHECK(simt::failed_call() == "cudaDeviceSynchronize");
  CHECK(simt::fault_report() == "call 3 of the runtime, cudaDeviceSynchronize, was made to fail");
  CHECK(cudaDeviceSynchronize() == cudaSuccess);
  CHECK(simt::counters().calls == before + 4);
}

TEST_CASE("a call that fails does nothing, and the exception names it") {
  const Failing failing(1);
  std::string text;
  try {
    const DeviceBuffer<float> buffer(16);
  } catch (const duel::CudaError& error) {
    text = error.what();
  }
  CHECK(contains(text, "cudaErrorMemoryAllocation"));
  CHECK(contains(text, "call 1 of the runtime, cudaMalloc, was made to fail"));
  CHECK(cudaDeviceSynchronize() == cudaSuccess);  // a lack of memory is not sticky
}

TEST_CASE("errors that a GPU does not recover from are sticky") {
  const Failing failing(1);
  CHECK(cudaDeviceSynchronize() == cudaErrorLaunchFailure);
  CHECK(cudaDeviceSynchronize() == cudaErrorLaunchFailure);
  CHECK(contains(simt::fault_report(), "call 1 of the runtime, cudaDeviceSynchronize"));
}

TEST_CASE("child: calls that fail by the environment", "[.]") {
  int device = 0;
  const cudaError_t first = cudaGetDevice(&device), second = cudaGetDevice(&device);
  std::printf("%s %s\n", cudaGetErrorName(first), cudaGetErrorName(second));
}
TEST_CASE("the environment names a call and an error") {
  const auto output = [](const std::string& value) {
    return run_child("child: calls that fail by the environment", "DUEL_SIMT_FAIL=" + value).output;
  };
  CHECK(contains(output("2:cudaErrorMemoryAllocation"), "cudaSuccess cudaErrorMemoryAllocation"));
  CHECK(contains(output("1"), "cudaErrorLaunchFailure cudaErrorLaunchFailure"));
  for (const char* wrong : {"x", "2:", "2:cudaErrorNone", "-1", "2cudaErrorUnknown"}) {
    CHECK(contains(output(wrong), "DUEL_SIMT_FAIL is '" + std::string(wrong) + "'; expected the number of a call"));
  }
}

// check(): an error becomes an exception that says where, by name and in words.
#include <string>

#include "kernels/runtime/error.h"
#include "kernels/runtime/launch.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

using duel::check;
using duel::CudaError;
using duel::test::contains;

namespace {

__global__ void nothing_kernel() {}

}  // namespace

TEST_CASE("check passes success") {
  CHECK_NOTHROW(check(cudaSuccess));
}

TEST_CASE("check names file and line and error") {
  const int line = __LINE__ + 2;
  try {
    check(cudaErrorInvalidValue);
    FAIL("no exception");
  } catch (const CudaError& error) {
    CHECK(error.code() == cudaErrorInvalidValue);
    CHECK(contains(error.what(), std::string(__FILE__) + ":" + std::to_string(line) + ": cudaErrorInvalidValue: "));
    CHECK(contains(error.what(), cudaGetErrorString(cudaErrorInvalidValue)));
  }
}

// The CPU device says what CUDA documents; an H200 under CUDA 13.0 was seen to call too many threads an invalid value.
static bool is_refusal(cudaError_t code) {
  return code == cudaErrorInvalidConfiguration || code == cudaErrorInvalidValue;
}

TEST_CASE("a refused launch throws at the call and leaves the stream usable") {
  duel::Stream stream;
  try {
    duel::launch(stream, {1, 1025}, nothing_kernel);
    FAIL("no exception");
  } catch (const CudaError& error) {
    CHECK(is_refusal(error.code()));
    CHECK(contains(error.what(), cudaGetErrorName(error.code())));
  }
  CHECK(is_refusal(cudaGetLastError()));
  duel::launch(stream, {1, 1024}, nothing_kernel);
  CHECK_NOTHROW(stream.synchronize());
}

TEST_CASE("blocks cover their values") {
  CHECK(duel::blocks_for(0, 256) == 1);
  CHECK(duel::blocks_for(1, 256) == 1);
  CHECK(duel::blocks_for(256, 256) == 1);
  CHECK(duel::blocks_for(257, 256) == 2);
  CHECK(duel::blocks_for(1000, 1) == 1000);
}

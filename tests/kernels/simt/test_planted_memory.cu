// Planted bugs in memory: accesses out of bounds, reads of what nobody wrote.
#include <cmath>
#include <numeric>

#include "tests/kernels/simt/child.h"
#include "tests/kernels/simt/planted.h"

using duel::DeviceBuffer;
using duel::launch;
using duel::Stream;
using simt_test::contains;
using simt_test::kAddressSanitizer;
using simt_test::report_under_any_schedule;
using simt_test::unexpected_report;
using simt_test::wrong_under;

namespace planted_memory {

__global__ void write_kernel(float* out, int begin, int end) {
  const int i = begin + static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < end) out[i] = 1;
}

__global__ void halve_kernel(float* values, int n) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) values[i] *= 0.5f;
}

__global__ void moving_sum_kernel(float* out, const float* in, int n, bool correct) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) out[i] = in[i] + (correct && i + 1 == n ? 0 : in[i + 1]);
}

__global__ void copy_kernel(float* out, const float* in, int n) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) out[i] = in[i];
}

__global__ void static_shared_kernel(float* out, int written) {
  __shared__ float tile[64];
  const int t = static_cast<int>(threadIdx.x);
  if (t < written) tile[t] = 1;
  __syncthreads();
  out[t] = tile[t];
}

template <class T>
__global__ void template_shared_kernel(T* out, int written) {
  __shared__ T tile[64];
  const int t = static_cast<int>(threadIdx.x);
  if (t < written) tile[t] = 1;
  __syncthreads();
  out[t] = tile[t];
}

#ifdef __clang__  // g++ refuses sections in inline functions beside those of kernels ("section type conflict")
__device__ inline float* tile_of_function() {
  __shared__ float tile[64];
  return tile;
}
__global__ void function_shared_kernel(float* out, int written) {
  float* tile = tile_of_function();
  const int t = static_cast<int>(threadIdx.x);
  if (t < written) tile[t] = 1;
  __syncthreads();
  out[t] = tile[t];
}
#endif

__global__ void dynamic_shared_kernel(float* out, int written) {
  auto* tile = static_cast<float*>(simt::dynamic_shared_memory());
  const int t = static_cast<int>(threadIdx.x);
  if (t < written) tile[t] = 1;
  __syncthreads();
  out[t] = tile[t];
}

__global__ void dynamic_shared_edge_kernel(int last) {
  auto* tile = static_cast<float*>(simt::dynamic_shared_memory());
  for (int i = static_cast<int>(threadIdx.x); i <= last; i += static_cast<int>(blockDim.x)) tile[i] = 1;
}

__global__ void local_array_kernel(float* out, int written) {
  float local[8] = {};
  for (int i = 0; i < 8; ++i) local[i] = out[i];
  __syncthreads();                 // on a fiber from here
  float* volatile hidden = local;  // from the compiler
  hidden[written] = 1;
  out[threadIdx.x] = local[threadIdx.x % 8];
}

}  // namespace planted_memory

using namespace planted_memory;

namespace {

constexpr int kCount = 100;  // 400 bytes: not a multiple of the alignment

auto write(int begin, int end) {
  return [=](duel::StreamView stream) {
    DeviceBuffer<float> out(kCount);
    launch(stream, {4, 32}, write_kernel, out.data(), begin, end);
    stream.synchronize();
  };
}

// Whether kernel(out, 64, arguments...) gives ones, after a block that wrote all of its shared memory.
bool gives_ones(void (*kernel)(float*, int), int written) {
  Stream stream;
  DeviceBuffer<float> out(64);
  launch(stream, {1, 64, 64 * sizeof(float)}, kernel, out.data(), 64);
  launch(stream, {1, 64, 64 * sizeof(float)}, kernel, out.data(), written);
  return out.download(stream) == std::vector<float>(64, 1);
}

}  // namespace

TEST_CASE("planted: a write past the end") {
  CHECK(report_under_any_schedule(write(0, kCount)) == "");
  if (kAddressSanitizer) return;
  CHECK(unexpected_report(write(0, kCount + 1), {"cudaErrorIllegalAddress", "planted_memory::write_kernel",
                                                 "0 bytes after the end of an allocation of 400 bytes"}) == "");
  CHECK(unexpected_report(write(100 + 5, kCount + 6), {"20 bytes after the end"}) == "");
}

TEST_CASE("planted: a NaN read past the end and written back") {
  if (kAddressSanitizer) return;
  const auto halve = [](int count) {
    return [=](duel::StreamView stream) {
      DeviceBuffer<float> values(std::vector<float>(kCount, 1), stream);
      launch(stream, {4, 32}, halve_kernel, values.data(), count);
      stream.synchronize();
    };
  };
  CHECK(report_under_any_schedule(halve(kCount)) == "");
  CHECK(unexpected_report(halve(kCount + 1), {"cudaErrorIllegalAddress", "planted_memory::halve_kernel",
                                              "after the end of an allocation of 400 bytes"}) == "");
}

TEST_CASE("planted: a write before the start") {
  if (kAddressSanitizer) return;
  CHECK(unexpected_report(write(-1, kCount), {"cudaErrorIllegalAddress", "planted_memory::write_kernel",
                                              "4 bytes before an allocation of 400 bytes"}) == "");
}

TEST_CASE("a write out of bounds is found by cudaFree where nobody looked before") {
  if (kAddressSanitizer) return;
  const simt_test::Scope scope(simt::Options{});  // without check_guards
  Stream stream;
  float* memory = nullptr;
  REQUIRE(cudaMalloc(&memory, kCount * sizeof(float)) == cudaSuccess);
  launch(stream, {4, 32}, write_kernel, memory, 0, kCount + 1);
  CHECK(cudaStreamSynchronize(stream.view().get()) == cudaSuccess);
  CHECK(cudaFree(memory) == cudaErrorIllegalAddress);
  CHECK(contains(simt::fault_report(), "found by cudaFree: out-of-bounds write 0 bytes after the end"));
  CHECK(cudaDeviceSynchronize() == cudaErrorIllegalAddress);
  simt::clear_fault();
  CHECK(cudaDeviceSynchronize() == cudaSuccess);
}

TEST_CASE("a found write out of bounds is reported once") {
  if (kAddressSanitizer) return;
  const simt_test::Scope scope(simt_test::options_of(simt::Schedule::forward));
  Stream stream;
  DeviceBuffer<float> out(kCount);
  launch(stream, {4, 32}, write_kernel, out.data(), 0, kCount + 1);
  CHECK(cudaStreamSynchronize(stream.view().get()) == cudaErrorIllegalAddress);
  simt::clear_fault();
  launch(stream, {4, 32}, write_kernel, out.data(), 0, kCount);
  CHECK(cudaStreamSynchronize(stream.view().get()) == cudaSuccess);
}

TEST_CASE("planted: a read past the end gives NaN") {
  if (kAddressSanitizer) return;
  const auto right = [](bool correct) {
    Stream stream;
    DeviceBuffer<float> in(std::vector<float>(kCount, 1), stream), out(kCount);
    launch(stream, {4, 32}, moving_sum_kernel, out.data(), in.data(), kCount, correct);
    const auto found = out.download(stream);
    return found[0] == 2 && std::isfinite(found[kCount - 1]);
  };
  CHECK(wrong_under([&] { return right(true); }) == "");
  CHECK(wrong_under([&] { return right(false); }) == "forward reverse random");
}

TEST_CASE("planted: device memory that nobody wrote is NaN") {
  const auto right = [](int written) {
    Stream stream;
    DeviceBuffer<float> in(kCount), out(kCount);
    launch(stream, {4, 32}, write_kernel, in.data(), 0, written);
    launch(stream, {4, 32}, copy_kernel, out.data(), in.data(), kCount);
    return out.download(stream) == std::vector<float>(kCount, 1);
  };
  CHECK(wrong_under([&] { return right(kCount); }) == "");
  CHECK(wrong_under([&] { return right(kCount - 1); }) == "forward reverse random");
}

TEST_CASE("planted: shared memory that nobody wrote is NaN") {
  const auto check_kernel = [](void (*kernel)(float*, int)) {
    CHECK(wrong_under([&] { return gives_ones(kernel, 64); }) == "");
    CHECK(wrong_under([&] { return gives_ones(kernel, 63); }) == "forward reverse random");
  };
  SECTION("static") {
    check_kernel(static_shared_kernel);
  }
  SECTION("dynamic") {
    check_kernel(dynamic_shared_kernel);
  }
#ifdef __clang__
  SECTION("static in a function") {
    check_kernel(function_shared_kernel);
  }
  SECTION("static in a template") {
    check_kernel(template_shared_kernel<float>);
  }
#else
  SECTION("static in a template") {
    WARN("skipped: g++ ignores the section of __shared__ variables in templates, so they are not poisoned");
  }
#endif
}

TEST_CASE("without poison_shared a block sees what the last one left") {
  const simt_test::Scope scope(simt_test::options_of(simt::Schedule::forward));
  simt::Options options = simt::options();
  options.poison_shared = false;
  simt::set_options(options);
  CHECK(gives_ones(static_shared_kernel, 0));
}

TEST_CASE("planted: a write past the end of dynamic shared memory") {
  if (kAddressSanitizer) return;
  const auto tile = [](int last) {
    return [last](duel::StreamView stream) {
      launch(stream, {2, 32, 400}, dynamic_shared_edge_kernel, last);
      stream.synchronize();
    };
  };
  CHECK(report_under_any_schedule(tile(99)) == "");
  CHECK(unexpected_report(tile(100), {"cudaErrorIllegalAddress", "planted_memory::dynamic_shared_edge_kernel, block (",
                                      "0 bytes after the end of 400 bytes of dynamic shared memory"}) == "");
}

// Under AddressSanitizer the program ends at the access itself.

TEST_CASE("child: writes past the end of an allocation", "[.]") {
  static_cast<void>(simt_test::report_of(write(0, kCount + 1)));
}

TEST_CASE("child: writes past the end of a local array", "[.]") {
  Stream stream;
  DeviceBuffer<float> out(std::vector<float>(64), stream);
  launch(stream, {1, 64}, local_array_kernel, out.data(), 9);
  stream.synchronize();
}

TEST_CASE("planted: AddressSanitizer sees kernels") {
  if (!kAddressSanitizer) return;
  CHECK(contains(simt_test::output_of_child("child: writes past the end of an allocation"),
                 "AddressSanitizer: use-after-poison"));
  CHECK(contains(simt_test::output_of_child("child: writes past the end of a local array"),
                 "AddressSanitizer: stack-buffer-overflow"));
}

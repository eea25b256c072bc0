// Errors of calls are told once; a fault of a kernel stays until clear_fault().
#include <set>
#include <thread>

#include "tests/kernels/simt/simt_test.h"

using duel::check;
using duel::CudaError;
using duel::DeviceBuffer;
using duel::launch;
using duel::Stream;
using simt_test::contains;
using simt_test::Scope;

namespace errors {

__global__ void count_kernel(int* count) {
  atomicAdd(count, 1);
}

__global__ void trap_kernel() {
  __trap();
}

__global__ void fill_dynamic_kernel(int bytes) {
  auto* memory = static_cast<char*>(simt::dynamic_shared_memory());
  for (int i = 0; i < bytes; ++i) memory[i] = 1;
}

cudaError_t try_launch(dim3 grid, dim3 block, std::size_t dynamic_shared = 0,
                       cudaLaunchAttribute* attribute = nullptr) {
  cudaLaunchConfig_t config{};
  config.gridDim = grid;
  config.blockDim = block;
  config.dynamicSmemBytes = dynamic_shared;
  config.attrs = attribute;
  config.numAttrs = attribute ? 1 : 0;
  return cudaLaunchKernelEx(&config, fill_dynamic_kernel, static_cast<int>(dynamic_shared));
}

}  // namespace errors

using namespace errors;

TEST_CASE("a wrong launch shape is refused and told once") {
  const Scope scope(simt::Options{});
  const auto before = simt::counters();
  for (const auto& [grid, block] :
       {std::pair<dim3, dim3>{{0}, {1}}, std::pair<dim3, dim3>{{1, 0}, {1}}, std::pair<dim3, dim3>{{1, 1, 0}, {1}},
        std::pair<dim3, dim3>{{1}, {0}}, std::pair<dim3, dim3>{{1}, {1025}}, std::pair<dim3, dim3>{{1}, {32, 33}},
        std::pair<dim3, dim3>{{1}, {1, 1, 65}}, std::pair<dim3, dim3>{{1}, {1, 1, 0}},
        std::pair<dim3, dim3>{{0x80000000u}, {1}}, std::pair<dim3, dim3>{{1, 65536}, {1}},
        std::pair<dim3, dim3>{{1, 1, 65536}, {1}}}) {
    CHECK(try_launch(grid, block) == cudaErrorInvalidConfiguration);
    CHECK(cudaPeekAtLastError() == cudaErrorInvalidConfiguration);
    CHECK(cudaGetLastError() == cudaErrorInvalidConfiguration);
    CHECK(cudaGetLastError() == cudaSuccess);
    CHECK(cudaDeviceSynchronize() == cudaSuccess);
  }
  CHECK(simt::counters().kernels == before.kernels);
  CHECK(try_launch(1, 1) == cudaSuccess);
  CHECK(cudaDeviceSynchronize() == cudaSuccess);
}

TEST_CASE("an error stays the last one until somebody asks") {
  const Scope scope(simt::Options{});
  CHECK(try_launch(0, 1) == cudaErrorInvalidConfiguration);
  CHECK(cudaDeviceSynchronize() == cudaSuccess);
  std::thread([] { CHECK(cudaGetLastError() == cudaSuccess); }).join();  // each thread has its own
  CHECK(cudaGetLastError() == cudaErrorInvalidConfiguration);
}

TEST_CASE("dynamic shared memory beyond 48 KiB needs the kernel's consent") {
  const Scope scope(simt_test::options_of(simt::Schedule::forward));
  constexpr std::size_t kDefault = 48 << 10, kLargest = 99 << 10;
  const auto allow = [](int bytes) {
    return cudaFuncSetAttribute(fill_dynamic_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes);
  };
  CHECK(try_launch(1, 1, kDefault) == cudaSuccess);
  CHECK(try_launch(1, 1, kDefault + 1) == cudaErrorInvalidConfiguration);
  CHECK(allow(kLargest + 1) == cudaErrorInvalidValue);
  CHECK(allow(-1) == cudaErrorInvalidValue);
  CHECK(allow(kLargest) == cudaSuccess);
  CHECK(try_launch(2, 1, kLargest) == cudaSuccess);
  CHECK(try_launch(1, 1, kLargest + 1) == cudaErrorInvalidConfiguration);
  CHECK(cudaDeviceSynchronize() == cudaSuccess);
  cudaFuncAttributes attributes{};
  check(cudaFuncGetAttributes(&attributes, fill_dynamic_kernel));
  CHECK(attributes.maxDynamicSharedSizeBytes == kLargest);
  check(cudaFuncGetAttributes(&attributes, count_kernel));
  CHECK(attributes.maxDynamicSharedSizeBytes == kDefault);
  CHECK(allow(kDefault) == cudaSuccess);
  static_cast<void>(cudaGetLastError());
}

TEST_CASE("clusters and cooperative launches are not supported") {
  const Scope scope(simt::Options{});
  cudaLaunchAttribute attribute{};
  attribute.id = cudaLaunchAttributeClusterDimension;
  attribute.val.clusterDim = {1, 1, 1};
  CHECK(try_launch(2, 1, 0, &attribute) == cudaSuccess);
  attribute.val.clusterDim = {2, 1, 1};
  CHECK(try_launch(2, 1, 0, &attribute) == cudaErrorNotSupported);
  attribute.id = cudaLaunchAttributeCooperative;
  attribute.val.cooperative = 1;
  CHECK(try_launch(2, 1, 0, &attribute) == cudaErrorNotSupported);
  attribute.id = cudaLaunchAttributeProgrammaticStreamSerialization;
  CHECK(try_launch(2, 1, 0, &attribute) == cudaSuccess);
  CHECK(cudaGetLastError() == cudaErrorNotSupported);
}

TEST_CASE("a kernel that is no function is refused") {
  const Scope scope(simt::Options{});
  Stream stream;
  void (*none)() = nullptr;
  CHECK_THROWS_AS(launch(stream, {1, 1}, none), CudaError);
  CHECK(cudaGetLastError() == cudaErrorInvalidDeviceFunction);
}

TEST_CASE("after a fault every call fails and nothing runs until it is cleared") {
  const Scope scope(simt::Options{});
  Stream stream;
  duel::Event event;
  DeviceBuffer<int> count(std::vector<int>{0}, stream);
  launch(stream, {1, 1}, count_kernel, count.data());
  launch(stream, {1, 1}, trap_kernel);
  try {
    launch(stream, {1, 1}, count_kernel, count.data());  // is queued before the trap, or fails
  } catch (const CudaError&) {
  }
  CHECK(cudaStreamSynchronize(stream.view().get()) == cudaErrorLaunchFailure);
  const std::string report = simt::fault_report();
  CHECK(contains(report, "errors::trap_kernel, block (0,0,0), thread (0,0,0): __trap()"));

  int value = 7;
  void* memory = nullptr;
  cudaStream_t new_stream = nullptr;
  int device = 0;
  cudaLaunchConfig_t config{};
  for (int again = 0; again < 2; ++again) {
    for (const cudaError_t result : {
             cudaStreamSynchronize(stream.view().get()),
             cudaStreamQuery(stream.view().get()),
             cudaDeviceSynchronize(),
             cudaEventRecord(event.get(), stream.view().get()),
             cudaEventSynchronize(event.get()),
             cudaMalloc(&memory, 64),
             cudaMallocHost(&memory, 64),
             cudaMemcpy(count.data(), &value, sizeof value, cudaMemcpyHostToDevice),
             cudaMemcpyAsync(count.data(), &value, sizeof value, cudaMemcpyHostToDevice, stream.view().get()),
             cudaMemset(count.data(), 0, sizeof value),
             cudaStreamCreate(&new_stream),
             cudaGetDevice(&device),
             cudaLaunchKernelEx(&config, count_kernel, count.data()),
             cudaLaunchKernelEx(&config, trap_kernel),
             cudaPeekAtLastError(),
             cudaGetLastError(),
         }) {
      CHECK(result == cudaErrorLaunchFailure);
    }
  }
  CHECK(memory == nullptr);
  CHECK(simt::fault_report() == report);  // of the first

  simt::clear_fault();
  CHECK(simt::fault_report() == "");
  CHECK(cudaGetLastError() == cudaSuccess);
  launch(stream, {1, 1}, count_kernel, count.data());
  CHECK(count.download(stream)[0] == 2);
}

TEST_CASE("work queued behind a fault is dropped in every stream") {
  for (const auto& options : simt_test::all_schedules(2, 3)) {
    const Scope scope(options);
    Stream stream, other;
    duel::Event event;
    simt_test::Diary diary;
    {
      simt_test::Gate gate(stream);
      diary.enter(stream, 'a');
      launch(stream, {1, 1}, trap_kernel);
      diary.enter(stream, 'b');
      event.record(stream);
      check(cudaStreamWaitEvent(other.view().get(), event.get()));
      diary.enter(other, 'c');
    }
    CHECK(cudaDeviceSynchronize() == cudaErrorLaunchFailure);
    CHECK(diary.text() == "a");
    simt::clear_fault();
    diary.enter(other, 'd');
    other.synchronize();
    CHECK(diary.text() == "ad");
  }
}

TEST_CASE("memory can be freed after a fault") {
  const Scope scope(simt::Options{});
  std::size_t before = 0, after = 0, total = 0;
  check(cudaMemGetInfo(&before, &total));
  {
    Stream stream;
    DeviceBuffer<int> buffer(1000);
    launch(stream, {1, 1}, trap_kernel);
    CHECK_THROWS_AS(stream.synchronize(), CudaError);
  }
  simt::clear_fault();
  check(cudaMemGetInfo(&after, &total));
  CHECK(after == before);
}

TEST_CASE("errors have CUDA's names and a text") {
  const std::pair<cudaError_t, std::string> names[] = {
      {cudaSuccess, "cudaSuccess"},
      {cudaErrorInvalidValue, "cudaErrorInvalidValue"},
      {cudaErrorMemoryAllocation, "cudaErrorMemoryAllocation"},
      {cudaErrorInvalidConfiguration, "cudaErrorInvalidConfiguration"},
      {cudaErrorInvalidMemcpyDirection, "cudaErrorInvalidMemcpyDirection"},
      {cudaErrorInvalidDeviceFunction, "cudaErrorInvalidDeviceFunction"},
      {cudaErrorNoDevice, "cudaErrorNoDevice"},
      {cudaErrorInvalidDevice, "cudaErrorInvalidDevice"},
      {cudaErrorInvalidResourceHandle, "cudaErrorInvalidResourceHandle"},
      {cudaErrorIllegalState, "cudaErrorIllegalState"},
      {cudaErrorNotReady, "cudaErrorNotReady"},
      {cudaErrorIllegalAddress, "cudaErrorIllegalAddress"},
      {cudaErrorLaunchFailure, "cudaErrorLaunchFailure"},
      {cudaErrorNotSupported, "cudaErrorNotSupported"},
      {cudaErrorStreamCaptureUnsupported, "cudaErrorStreamCaptureUnsupported"},
      {cudaErrorStreamCaptureInvalidated, "cudaErrorStreamCaptureInvalidated"},
      {cudaErrorStreamCaptureUnmatched, "cudaErrorStreamCaptureUnmatched"},
      {cudaErrorStreamCaptureUnjoined, "cudaErrorStreamCaptureUnjoined"},
      {cudaErrorStreamCaptureIsolation, "cudaErrorStreamCaptureIsolation"},
      {cudaErrorStreamCaptureImplicit, "cudaErrorStreamCaptureImplicit"},
      {cudaErrorCapturedEvent, "cudaErrorCapturedEvent"},
      {cudaErrorUnknown, "cudaErrorUnknown"},
  };
  std::set<std::string> texts;
  for (const auto& [code, name] : names) {
    CHECK(cudaGetErrorName(code) == name);
    texts.insert(cudaGetErrorString(code));
  }
  CHECK(texts.size() == std::size(names));
}

TEST_CASE("the one device is number 0") {
  const Scope scope(simt::Options{});
  int count = 0, device = -1, value = 0;
  CHECK(cudaGetDeviceCount(&count) == cudaSuccess);
  CHECK(count == 1);
  CHECK(cudaSetDevice(0) == cudaSuccess);
  CHECK(cudaSetDevice(1) == cudaErrorInvalidDevice);
  CHECK(cudaGetDevice(&device) == cudaSuccess);
  CHECK(device == 0);
  cudaDeviceProp properties;
  CHECK(cudaGetDeviceProperties(&properties, 1) == cudaErrorInvalidDevice);
  CHECK(cudaGetDeviceProperties(&properties, 0) == cudaSuccess);
  CHECK(contains(properties.name, "CPU device"));
  CHECK(properties.maxThreadsPerBlock == 1024);
  CHECK(properties.multiProcessorCount == simt::worker_threads());
  CHECK(cudaDeviceGetAttribute(&value, cudaDevAttrWarpSize, 0) == cudaSuccess);
  CHECK(value == 32);
  CHECK(cudaDeviceGetAttribute(&value, static_cast<cudaDeviceAttr>(127), 0) == cudaErrorInvalidValue);
  static_cast<void>(cudaGetLastError());
}

// Device and pinned memory: alignment, poison, and copies that check both of their sides.
#include <algorithm>
#include <numeric>

#include "kernels/simt/runtime_api.h"
#include "tests/kernels/simt/simt_test.h"

using duel::check;
using duel::DeviceBuffer;
using duel::PinnedBuffer;
using duel::Stream;
using simt_test::Scope;

namespace {

constexpr int kCount = 100;
constexpr std::size_t kBytes = kCount * sizeof(int);

struct Sides {
  Sides() : host(kCount), device(kCount), other(kCount), pinned(kCount) { std::iota(host.begin(), host.end(), 1); }
  ~Sides() { static_cast<void>(cudaGetLastError()); }
  cudaError_t copy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
    const cudaError_t error = cudaMemcpyAsync(to, from, bytes, kind, stream.view().get());
    check(cudaDeviceSynchronize());
    return error;
  }
  Scope scope{simt::Options{}};
  Stream stream;
  std::vector<int> host;
  DeviceBuffer<int> device, other;
  PinnedBuffer<int> pinned;
};

char* bytes_of(void* pointer) {
  return static_cast<char*>(pointer);
}

}  // namespace

TEST_CASE("allocations are aligned to 256 bytes and poisoned") {
  const Scope scope(simt::Options{});
  for (const std::size_t bytes : {1, 3, 255, 256, 257, 100000}) {
    unsigned char *device = nullptr, *pinned = nullptr;
    check(cudaMalloc(&device, bytes));
    check(cudaMallocHost(&pinned, bytes));
    for (const unsigned char* memory : {device, pinned}) {
      CHECK(reinterpret_cast<std::uintptr_t>(memory) % 256 == 0);
      std::vector<unsigned char> found(bytes);
      check(cudaMemcpy(found.data(), memory, bytes, cudaMemcpyDefault));
      CHECK(found == std::vector<unsigned char>(bytes, 0xff));
    }
    check(cudaFree(device));
    check(cudaFreeHost(pinned));
  }
}

TEST_CASE("memory is poisoned again when it is allocated again") {
  const Scope scope(simt::Options{});
  for (int i = 0; i < 10; ++i) {
    DeviceBuffer<int> buffer(kCount);
    CHECK(simt_test::download(buffer) == std::vector<int>(kCount, -1));
    check(cudaMemset(buffer.data(), 0, buffer.bytes()));
  }
}

TEST_CASE_METHOD(Sides, "copies in every direction") {
  CHECK(copy(device.data(), host.data(), kBytes, cudaMemcpyHostToDevice) == cudaSuccess);
  CHECK(copy(other.data(), device.data(), kBytes, cudaMemcpyDeviceToDevice) == cudaSuccess);
  CHECK(copy(pinned.data(), other.data(), kBytes, cudaMemcpyDeviceToHost) == cudaSuccess);
  CHECK(std::equal(host.begin(), host.end(), pinned.data()));
  std::vector<int> back(kCount);
  CHECK(copy(back.data(), pinned.data(), kBytes, cudaMemcpyHostToHost) == cudaSuccess);
  CHECK(back == host);
  CHECK(copy(other.data(), pinned.data(), kBytes, cudaMemcpyHostToDevice) == cudaSuccess);
  CHECK(other.download(stream) == host);
}

TEST_CASE_METHOD(Sides, "the default direction comes from the pointers") {
  CHECK(copy(device.data(), host.data(), kBytes, cudaMemcpyDefault) == cudaSuccess);
  CHECK(copy(other.data(), device.data(), kBytes, cudaMemcpyDefault) == cudaSuccess);
  CHECK(copy(pinned.data(), other.data(), kBytes, cudaMemcpyDefault) == cudaSuccess);
  CHECK(std::equal(host.begin(), host.end(), pinned.data()));
}

TEST_CASE_METHOD(Sides, "parts of allocations can be copied and filled") {
  check(cudaMemset(device.data(), 0, kBytes));
  CHECK(copy(device.data() + 90, host.data(), 10 * sizeof(int), cudaMemcpyHostToDevice) == cudaSuccess);
  check(cudaMemset(bytes_of(device.data()) + 4, 1, 1));
  const auto found = device.download(stream);
  CHECK(std::equal(found.begin() + 90, found.end(), host.begin()));
  CHECK(found[0] == 0);
  CHECK(found[1] == 1);
  CHECK(found[89] == 0);
}

TEST_CASE_METHOD(Sides, "a copy in the wrong direction is refused") {
  for (const auto kind :
       {cudaMemcpyHostToHost, cudaMemcpyHostToDevice, cudaMemcpyDeviceToHost, cudaMemcpyDeviceToDevice}) {
    const bool to_device = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
    const bool from_device = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
    for (int* host_side : {host.data(), pinned.data()}) {
      int* const right_to = to_device ? device.data() : host_side;
      int* const wrong_to = to_device ? host_side : device.data();
      const int* const right_from = from_device ? other.data() : host_side;
      const int* const wrong_from = from_device ? host_side : other.data();
      CHECK(copy(wrong_to, right_from, kBytes, kind) == cudaErrorInvalidValue);
      CHECK(copy(right_to, wrong_from, kBytes, kind) == cudaErrorInvalidValue);
    }
  }
  CHECK(copy(device.data(), host.data(), kBytes, static_cast<cudaMemcpyKind>(7)) == cudaErrorInvalidMemcpyDirection);
  CHECK(cudaMemcpy(device.data(), host.data(), kBytes, cudaMemcpyDeviceToHost) == cudaErrorInvalidValue);
}

TEST_CASE_METHOD(Sides, "a range that leaves an allocation is refused") {
  for (const auto kind : {cudaMemcpyHostToDevice, cudaMemcpyDefault}) {
    CHECK(copy(device.data(), host.data(), kBytes + 1, kind) == cudaErrorInvalidValue);
    CHECK(copy(device.data() + 1, host.data(), kBytes, kind) == cudaErrorInvalidValue);
    CHECK(copy(device.data() + kCount, host.data(), 1, kind) == cudaErrorInvalidValue);
    CHECK(copy(device.data() - 1, host.data(), 8, kind) == cudaErrorInvalidValue);
    CHECK(copy(device.data() - 1, host.data(), 4, kind) == cudaErrorInvalidValue);
  }
  CHECK(copy(host.data(), device.data() + 1, kBytes, cudaMemcpyDeviceToHost) == cudaErrorInvalidValue);
  CHECK(copy(device.data(), other.data() + 1, kBytes, cudaMemcpyDeviceToDevice) == cudaErrorInvalidValue);
  CHECK(copy(device.data(), pinned.data() + 1, kBytes, cudaMemcpyHostToDevice) == cudaErrorInvalidValue);
  CHECK(cudaMemset(device.data() + 1, 0, kBytes) == cudaErrorInvalidValue);
  CHECK(cudaMemset(bytes_of(device.data()) - 1, 0, 2) == cudaErrorInvalidValue);
  CHECK(simt_test::download(device) == std::vector<int>(kCount, -1));  // nothing was written
}

TEST_CASE_METHOD(Sides, "host memory cannot be filled by the device") {
  CHECK(cudaMemset(host.data(), 0, kBytes) == cudaErrorInvalidValue);
  CHECK(cudaMemset(pinned.data(), 0, kBytes) == cudaErrorInvalidValue);
  CHECK(host[0] == 1);
}

TEST_CASE_METHOD(Sides, "null pointers are refused") {
  CHECK(copy(device.data(), nullptr, kBytes, cudaMemcpyHostToDevice) == cudaErrorInvalidValue);
  CHECK(copy(nullptr, device.data(), kBytes, cudaMemcpyDeviceToHost) == cudaErrorInvalidValue);
  CHECK(copy(nullptr, device.data(), kBytes, cudaMemcpyDefault) == cudaErrorInvalidValue);
  CHECK(cudaMemset(nullptr, 0, kBytes) == cudaErrorInvalidValue);
  CHECK(cudaMalloc(static_cast<void**>(nullptr), kBytes) == cudaErrorInvalidValue);
}

TEST_CASE_METHOD(Sides, "nothing is copied where there is nothing to copy") {
  const auto before = simt::counters();
  CHECK(copy(device.data(), host.data(), 0, cudaMemcpyHostToDevice) == cudaSuccess);
  CHECK(copy(nullptr, nullptr, 0, cudaMemcpyDeviceToHost) == cudaSuccess);
  CHECK(cudaMemset(nullptr, 0, 0) == cudaSuccess);
  CHECK(simt::counters().host_copies == before.host_copies);
  void* memory = &memory;
  CHECK(cudaMalloc(&memory, 0) == cudaSuccess);
  CHECK(memory == nullptr);
  CHECK(cudaFree(nullptr) == cudaSuccess);
  CHECK(cudaFreeHost(nullptr) == cudaSuccess);
  CHECK(simt::counters().allocations == before.allocations);
}

TEST_CASE_METHOD(Sides, "only the start of an allocation can be freed and only once") {
  void *memory = nullptr, *host_memory = nullptr;
  check(cudaMalloc(&memory, kBytes));
  check(cudaMallocHost(&host_memory, kBytes));
  CHECK(cudaFree(bytes_of(memory) + 4) == cudaErrorInvalidValue);
  CHECK(cudaFree(bytes_of(memory) - 256) == cudaErrorInvalidValue);
  CHECK(cudaFree(host.data()) == cudaErrorInvalidValue);
  CHECK(cudaFree(host_memory) == cudaErrorInvalidValue);
  CHECK(cudaFreeHost(memory) == cudaErrorInvalidValue);
  CHECK(cudaFree(memory) == cudaSuccess);
  CHECK(cudaFree(memory) == cudaErrorInvalidValue);
  CHECK(cudaFreeHost(host_memory) == cudaSuccess);
  CHECK(cudaFreeHost(host_memory) == cudaErrorInvalidValue);
}

TEST_CASE_METHOD(Sides, "freed memory cannot be copied from the device") {
  int* memory = nullptr;
  check(cudaMalloc(&memory, kBytes));
  check(cudaFree(memory));
  CHECK(copy(host.data(), memory, kBytes, cudaMemcpyDeviceToHost) == cudaErrorInvalidValue);
}

TEST_CASE("cudaFree waits for the work of the device") {
  const Scope scope(simt::Options{});
  Stream stream;
  std::vector<int> values(kCount, 3);
  int* memory = nullptr;
  check(cudaMalloc(&memory, kBytes));
  for (int i = 0; i < 100; ++i) {
    check(cudaMemcpyAsync(memory, values.data(), kBytes, cudaMemcpyHostToDevice, stream.view().get()));
  }
  check(cudaFree(memory));
  CHECK(cudaStreamQuery(stream.view().get()) == cudaSuccess);
}

TEST_CASE("the device says how much memory is free") {
  const Scope scope(simt::Options{});
  std::size_t free_before = 0, free_after = 0, total = 0;
  check(cudaMemGetInfo(&free_before, &total));
  CHECK(total > (std::size_t{1} << 28));
  CHECK(free_before <= total);
  {
    const DeviceBuffer<char> buffer(1 << 20);
    const PinnedBuffer<char> pinned(1 << 20);  // not the device's
    check(cudaMemGetInfo(&free_after, &total));
    CHECK(free_after == free_before - (1 << 20));
  }
  check(cudaMemGetInfo(&free_after, &total));
  CHECK(free_after == free_before);
}

TEST_CASE("an allocation beyond the free memory is refused and changes nothing") {
  const Scope scope(simt::Options{});
  const DeviceBuffer<char> buffer(1 << 20);
  std::size_t free_bytes = 0, total = 0, now = 0;
  check(cudaMemGetInfo(&free_bytes, &total));
  void* memory = nullptr;
  for (const std::size_t bytes : {free_bytes + 1, total, total + 1, std::size_t{1} << 60, ~std::size_t{0}}) {
    CHECK(cudaMalloc(&memory, bytes) == cudaErrorMemoryAllocation);
    CHECK(memory == nullptr);
  }
  CHECK(cudaMallocHost(&memory, ~std::size_t{0}) == cudaErrorMemoryAllocation);
  CHECK(cudaGetLastError() == cudaErrorMemoryAllocation);
  CHECK(cudaGetLastError() == cudaSuccess);  // not sticky
  check(cudaMemGetInfo(&now, &total));
  CHECK(now == free_bytes);
  CHECK_THROWS_AS(DeviceBuffer<double>(std::size_t{1} << 50), duel::CudaError);
}

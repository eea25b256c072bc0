// Planted accesses out of bounds, after free, of the wrong side, and reads of what nobody wrote.
#include <memory>

#include "tests/kernels/simt/checked/checked_test.h"

using checked_test::at;
using checked_test::report_of_correct;
using checked_test::unlike;
using duel::DeviceBuffer;
using duel::launch;
using duel::StreamView;
using simt_test::contains;

namespace memory_errors {

constexpr int kCount = 100;

constexpr int kWrite = __LINE__;
__global__ void write_kernel(float* out, int offset) {
  out[static_cast<int>(threadIdx.x) + offset] = 1;
}

constexpr int kRead = __LINE__;
__global__ void read_kernel(const float* in, float* out) {
  out[threadIdx.x] = in[threadIdx.x];
}

constexpr int kWide = __LINE__;
__global__ void wide_kernel(const float* in, float4* out) {
  out[0] = *reinterpret_cast<const float4*>(in + threadIdx.x * 4);
}

constexpr int kIndex = __LINE__;
__global__ void index_kernel(float* out, int index) {
  __shared__ float tile[64];
  tile[threadIdx.x] = 1;
  __syncthreads();
  out[threadIdx.x] = tile[index];
}

__global__ void other_shared_kernel() {
  __shared__ float before[8], behind[8];
  before[threadIdx.x] = behind[threadIdx.x] = 1;
}

constexpr int kWalk = __LINE__;
__global__ void walk_kernel(float* out, int steps) {
  __shared__ float tile[8];
  float* volatile hidden = tile;  // from the compiler
  float* walker = hidden;
  for (int i = 0; i <= steps; ++i) walker[i] = 1;
  out[0] = walker[0];
}

constexpr int kDynamic = __LINE__;
__global__ void dynamic_kernel(float* out, int count) {
  auto* tile = static_cast<float*>(simt::dynamic_shared_memory());
  for (int i = 0; i < count; ++i) tile[i] = 1;
  out[0] = tile[0];
}

constexpr int kUnwritten = __LINE__;
__global__ void unwritten_shared_kernel(float* out, int written) {
  __shared__ float tile[32];
  if (static_cast<int>(threadIdx.x) < written) tile[threadIdx.x] = 1;
  __syncthreads();
  out[threadIdx.x] = tile[31 - threadIdx.x];
}

constexpr int kLibrary = __LINE__;
__global__ void library_kernel(const float* in, std::size_t count) {
  simt::external_access(in, count * sizeof(float), false);
}

}  // namespace memory_errors

using namespace memory_errors;

namespace {

std::string here(int line) {
  return at(__FILE__, line);
}

auto write(int offset) {
  return [offset](StreamView stream) {
    const DeviceBuffer<float> out(kCount);
    launch(stream, {1, kCount}, write_kernel, out.data(), offset);
    stream.synchronize();
  };
}

template <class... Arguments>
auto on_floats(void (*kernel)(float*, Arguments...), std::size_t shared, Arguments... arguments) {
  return [=](StreamView stream) {
    const DeviceBuffer<float> out(64);
    launch(stream, {1, 8, shared}, kernel, out.data(), arguments...);
    stream.synchronize();
  };
}

// Whether a kernel may read the floats that prepare(buffer, stream) made.
template <class Prepare>
auto read_after(Prepare prepare) {
  return [=](StreamView stream) {
    const DeviceBuffer<float> in(kCount), out(kCount);
    prepare(in, stream);
    launch(stream, {1, kCount}, read_kernel, in.data(), out.data());
    stream.synchronize();
  };
}

}  // namespace

TEST_CASE("accesses behind and before an allocation") {
  CHECK(simt::is_checked());
  CHECK(report_of_correct(write(0)) == "");
  CHECK(unlike(write(1),
               {"cudaErrorIllegalAddress",
                "write_kernel, block (0,0,0), thread (99,0,0): out of bounds: write of 4 bytes", here(kWrite + 2),
                "0 bytes after the end of an allocation of 400 bytes, allocated at tests/kernels"}) == "");
  CHECK(unlike(write(-1), {"thread (0,0,0): out of bounds", "4 bytes before an allocation of 400 bytes"}) == "");
  CHECK(unlike(write(1 << 27), {"out of bounds", "no allocation"}) == "");
}

TEST_CASE("a wide access that leaves an allocation with its last bytes, or is misaligned") {
  const auto work = [](unsigned threads, int offset) {
    return [=](StreamView stream) {
      const DeviceBuffer<float> in(std::vector<float>(6), stream), out(8);
      launch(stream, {1, threads}, wide_kernel, in.data() + offset, reinterpret_cast<float4*>(out.data()));
      stream.synchronize();
    };
  };
  CHECK(report_of_correct(work(1, 0)) == "");
  CHECK(unlike(work(2, 0),
               {"out of bounds: read of 16 bytes", here(kWide + 2), "0 bytes after the end of an allocation"}) == "");
  CHECK(unlike(work(1, 2), {"cudaErrorMisalignedAddress", "misaligned vector of 16 bytes"}) == "");
}

TEST_CASE("use after free") {
  const auto work = [](StreamView stream) {
    float* kept = DeviceBuffer<float>(kCount).data();
    launch(stream, {1, kCount}, write_kernel, kept, 0);
    stream.synchronize();
  };
  CHECK(unlike(work, {"cudaErrorIllegalAddress", "use after free: write of 4 bytes", here(kWrite + 2),
                      ", freed at tests/kernels"}) == "");
}

TEST_CASE("reading device memory that nobody wrote") {
  CHECK(unlike(read_after([](const auto&, StreamView) {}), {"cudaErrorLaunchFailure", "uninitialised: read of 4 bytes",
                                                            here(kRead + 2), "an allocation of 400 bytes"}) == "");
  CHECK(report_of_correct(read_after([](const auto& in, StreamView stream) {
          duel::check(cudaMemsetAsync(in.data(), 0, in.bytes(), stream.get()));
        })) == "");
  CHECK(report_of_correct(read_after([](const auto& in, StreamView stream) {
          launch(stream, {1, kCount}, write_kernel, in.data(), 0);
        })) == "");
  const auto copied = [](std::size_t written) {
    return read_after([written](const auto& in, StreamView stream) {
      const DeviceBuffer<float> source(kCount);
      duel::check(cudaMemsetAsync(source.data(), 0, written * sizeof(float), stream.get()));
      duel::check(cudaMemcpyAsync(in.data(), source.data(), in.bytes(), cudaMemcpyDeviceToDevice, stream.get()));
      stream.synchronize();
    });
  };
  CHECK(report_of_correct(copied(kCount)) == "");
  CHECK(unlike(copied(kCount - 1), {"thread (99,0,0): uninitialised", "396 bytes into an allocation"}) == "");
}

TEST_CASE("copying memory that nobody wrote to the host is no error") {
  CHECK(report_of_correct([](StreamView stream) { DeviceBuffer<float>(kCount).download(stream); }) == "");
}

TEST_CASE("reading shared memory that nobody wrote in this block") {
  const auto work = [](int written) {
    return [written](StreamView stream) {
      const DeviceBuffer<float> out(32);
      launch(stream, {1, 32}, unwritten_shared_kernel, out.data(), 32);
      launch(stream, {1, 32}, unwritten_shared_kernel, out.data(), written);
      stream.synchronize();
    };
  };
  CHECK(unlike(work(31), {"thread (0,0,0): uninitialised: read of 4 bytes", here(kUnwritten + 5),
                          "unwritten_shared_kernel(float*, int)::tile"}) == "");
  CHECK(report_of_correct([](StreamView stream) {
          const DeviceBuffer<float> out(32);
          launch(stream, {1, 32}, unwritten_shared_kernel, out.data(), 32);
          stream.synchronize();
        }) == "");
}

TEST_CASE("an index of a shared array") {
  CHECK(report_of_correct(on_floats(index_kernel, 0, 7)) == "");
  CHECK(unlike(on_floats(index_kernel, 0, 64), {"cudaErrorIllegalAddress", "index_kernel, block (0,0,0), thread (",
                                                "out of bounds: index 64 of 'float", here(kIndex + 5)}) == "");
}

TEST_CASE("a pointer that leaves a shared variable") {
  CHECK(report_of_correct([](StreamView stream) {
          launch(stream, {1, 8}, other_shared_kernel);
          stream.synchronize();
        }) == "");
  const auto work = [](int steps) {
    return [steps](StreamView stream) {
      const DeviceBuffer<float> out(1);
      launch(stream, {1, 1}, walk_kernel, out.data(), steps);
      stream.synchronize();
    };
  };
  CHECK(report_of_correct(work(7)) == "");
  CHECK(unlike(work(8), {"out of bounds: write of 4 bytes", here(kWalk + 5), "of shared memory",
                         "after the end of 'memory_errors::walk_kernel(float*, int)::tile' (32 bytes)"}) == "");
}

TEST_CASE("the end of dynamic shared memory") {
  const auto work = [](int count) {
    return [count](StreamView stream) {
      const DeviceBuffer<float> out(1);
      launch(stream, {1, 1, 64}, dynamic_kernel, out.data(), count);
      stream.synchronize();
    };
  };
  CHECK(report_of_correct(work(16)) == "");
  CHECK(unlike(work(17), {"out of bounds: write of 4 bytes", here(kDynamic + 3),
                          "0 bytes after the end of 64 bytes of dynamic shared memory"}) == "");
}

TEST_CASE("what libraries access is checked where the kernel says so") {
  const auto work = [](std::size_t count) {
    return [count](StreamView stream) {
      const DeviceBuffer<float> in(std::vector<float>(kCount), stream);
      launch(stream, {1, 1}, library_kernel, in.data(), count);
      stream.synchronize();
    };
  };
  CHECK(report_of_correct(work(kCount)) == "");
  CHECK(unlike(work(kCount + 1), {"out of bounds: read of 404 bytes", here(kLibrary + 2)}) == "");
}

TEST_CASE("a kernel that accesses host memory") {
  const auto host = std::make_unique<float[]>(kCount);
  const auto work = [&](StreamView stream) {
    launch(stream, {1, kCount}, write_kernel, host.get(), 0);
    stream.synchronize();
  };
  CHECK(unlike(work, {"cudaErrorIllegalAddress", "the kernel accesses host memory: write of 4 bytes",
                      here(kWrite + 2)}) == "");
  CHECK(report_of_correct([](StreamView stream) {
          const duel::PinnedBuffer<float> pinned(kCount);
          launch(stream, {1, kCount}, write_kernel, pinned.data(), 0);
          stream.synchronize();
        }) == "");
}

TEST_CASE("host code that accesses device memory") {
  const int line = __LINE__ + 3;
  const auto work = [](StreamView stream) {
    const DeviceBuffer<float> memory(1);
    *static_cast<volatile float*>(memory.data()) = 1;
    stream.synchronize();
  };
  CHECK(unlike(work, {"cudaErrorIllegalAddress", "the host accesses device memory: write of 4 bytes", here(line)}) ==
        "");
}

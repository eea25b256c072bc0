// Buffers, the arena and views.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>

#include "kernels/runtime/buffer.h"
#include "kernels/runtime/view.h"
#include "tests/support/catch.h"

using duel::Arena;
using duel::CudaError;
using duel::DeviceBuffer;
using duel::Matrix;
using duel::PinnedBuffer;
using duel::shape_text;
using duel::Stream;
using duel::Vector;

namespace {

std::vector<float> counting(int count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), 1.0f);
  return values;
}

bool aligned(const void* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer) % 256 == 0;
}

}  // namespace

TEST_CASE("a device buffer takes values up and down") {
  Stream stream;
  const auto values = counting(1000);
  const DeviceBuffer<float> made(values, stream);
  CHECK(made.size() == 1000);
  CHECK(made.bytes() == 4000);
  CHECK(aligned(made.data()));
  CHECK(made.download(stream) == values);

  const DeviceBuffer<float> filled(1000);
  filled.upload(values, stream);
  CHECK(filled.download(stream) == values);
}

TEST_CASE("a lack of memory says how much was wanted and how much there is, and no place in the source") {
  constexpr std::size_t kPebibyte = std::size_t{1} << 50;
  const auto lack = [](const auto& allocate) {
    try {
      allocate();
      return std::string("accepted");
    } catch (const CudaError& error) {
      CHECK(error.code() == cudaErrorMemoryAllocation);
      return std::string(error.what());
    }
  };
  for (const std::string& message : {lack([] { DeviceBuffer<std::byte> buffer(kPebibyte); }),
                                     lack([] { PinnedBuffer<std::byte> buffer(kPebibyte); })}) {
    CHECK(message.starts_with("not enough memory: 1048576.0 GiB more were wanted, "));
    CHECK(message.find(" of device memory are free") != std::string::npos);
    CHECK(message.find(".h:") == std::string::npos);
  }
  CHECK(lack([] { duel::check(cudaErrorMemoryAllocation); }).starts_with("not enough memory: "));
  CHECK(lack([] { DeviceBuffer<double> buffer(std::numeric_limits<std::size_t>::max()); }) != "accepted");
  cudaGetLastError();
}

TEST_CASE("a device buffer moves and leaves nothing behind") {
  Stream stream;
  DeviceBuffer<float> first(counting(3), stream);
  const float* data = first.data();
  DeviceBuffer<float> second = std::move(first);
  CHECK(second.data() == data);
  CHECK(first.data() == nullptr);
  second = DeviceBuffer<float>(counting(5), stream);
  CHECK(second.download(stream) == counting(5));
}

TEST_CASE("an empty device buffer has no memory") {
  Stream stream;
  const DeviceBuffer<float> none, zero(0);
  CHECK(none.data() == nullptr);
  CHECK(zero.data() == nullptr);
  CHECK(zero.size() == 0);
  zero.upload({}, stream);
  CHECK(zero.download(stream).empty());
}

TEST_CASE("a device buffer that does not fit throws") {
  try {
    const DeviceBuffer<double> giant(std::size_t{1} << 50);
    FAIL("no exception");
  } catch (const CudaError& error) {
    CHECK(error.code() == cudaErrorMemoryAllocation);
  }
  CHECK(cudaGetLastError() == cudaErrorMemoryAllocation);
  CHECK_NOTHROW(DeviceBuffer<double>(16));
}

TEST_CASE("a pinned buffer is host memory that copies can use") {
  Stream stream;
  const PinnedBuffer<float> pinned(100);
  std::iota(pinned.span().begin(), pinned.span().end(), 1.0f);
  CHECK(pinned.size() == 100);
  CHECK(pinned.data()[99] == 100);
  const DeviceBuffer<float> device(pinned.span(), stream);
  CHECK(device.download(stream) == counting(100));
  CHECK(PinnedBuffer<float>().data() == nullptr);
}

TEST_CASE("an arena hands out aligned pieces that do not overlap") {
  Arena arena(2048);
  CHECK(arena.bytes() == 2048);
  const Vector<float> first = arena.take<float>(3);
  const Matrix<double> second = arena.take<double>(5, 7);  // 280 bytes
  const Vector<char> third = arena.take<char>(256);
  CHECK(aligned(first.data));
  CHECK(reinterpret_cast<char*>(second.data) == reinterpret_cast<char*>(first.data) + 256);
  CHECK(third.data == reinterpret_cast<char*>(second.data) + 512);
  CHECK(first.rows == 3);
  CHECK(first.columns == 1);
  CHECK(second.rows == 5);
  CHECK(second.columns == 7);
  CHECK(arena.take<char>(1024).data == third.data + 256);
}

TEST_CASE("an arena plan adds up what an arena must hold") {
  const auto take_all = [](auto& memory) {
    memory.template take<float>(0);
    memory.template take<float>(64);
    memory.template take<float>(65);
    return memory.template take<double>(3, 33);
  };
  duel::ArenaPlan plan;
  const Matrix<double> planned = take_all(plan);
  CHECK(planned.data == nullptr);
  CHECK(planned.rows == 3);
  CHECK(planned.columns == 33);
  CHECK(plan.bytes() == 0 + 256 + 512 + 1024);
  Arena arena(plan.bytes());
  CHECK_NOTHROW(take_all(arena));
  CHECK_THROWS_AS(arena.take<char>(1), std::length_error);

  duel::ArenaPlan large;
  CHECK(large.take<double>(1 << 16, 1 << 16).data == nullptr);
  CHECK(large.bytes() == std::size_t{1} << 35);
}

TEST_CASE("an exhausted arena throws and still gives what fits") {
  Arena arena(1024);
  CHECK_NOTHROW(arena.take<float>(3 * 64));
  CHECK_THROWS_AS(arena.take<float>(65), std::length_error);
  CHECK_THROWS_AS(arena.take<float>(1 << 20, 1 << 10), std::length_error);
  CHECK_NOTHROW(arena.take<float>(64));
  CHECK_THROWS_AS(arena.take<char>(1), std::length_error);
  CHECK_NOTHROW(arena.take<char>(0));
}

TEST_CASE("a view has sizes and rows") {
  Stream stream;
  const DeviceBuffer<float> buffer(24);
  const Matrix<float> matrix = buffer.matrix(6, 4);
  CHECK(matrix);
  CHECK(matrix.size() == 24);
  CHECK(matrix.bytes() == 96);
  const Matrix<float> rows = matrix.row_range(2, 3);
  CHECK(rows.data == buffer.data() + 8);
  CHECK(rows.rows == 3);
  CHECK(rows.columns == 4);
  const Matrix<const float> constant = rows;
  CHECK(constant.data == rows.data);
  const Vector<float> vector = buffer.vector();
  CHECK(vector.size() == 24);
  CHECK(vector.row_range(5, 2).data == buffer.data() + 5);

  const Matrix<float> large{buffer.data(), 1 << 20, 1 << 12};  // never read
  CHECK(large.size() == std::size_t{1} << 32);
  CHECK(large.row_range(1 << 19, 1).data - large.data == std::ptrdiff_t{1} << 31);
}

TEST_CASE("a view without data is absent") {
  const Matrix<float> absent;
  CHECK_FALSE(absent);
  CHECK(absent.size() == 0);
  CHECK(shape_text(absent) == "absent");
  float value = 0;
  CHECK(shape_text(Matrix<float>{&value, 64, 128}) == "[64, 128]");
  CHECK(shape_text(Vector<float>{&value, 7}) == "[7]");
}

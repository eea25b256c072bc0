// The products of the library itself, in stream order and inside graphs. (The ops' tests compare the rows.)
#include "kernels/libraries/library.h"

#include <string>
#include <vector>

#include "kernels/libraries/library_error.h"
#include "kernels/runtime/buffer.h"
#include "tests/support/catch.h"

namespace duel::test {
namespace {

TEST_CASE("library errors: name the place, the library and its status") {
  try {
    throw_library_error("cuBLASLt", "CUBLAS_STATUS_NOT_SUPPORTED", SourcePlace{"somewhere.cpp", 12});
    FAIL("nothing was thrown");
  } catch (const LibraryError& error) {
    CHECK(std::string(error.what()) == "somewhere.cpp:12: cuBLASLt: CUBLAS_STATUS_NOT_SUPPORTED");
  }
}

#ifdef DUEL_PRODUCT_LIBRARY

std::vector<float> whole_numbers(std::size_t count, int seed) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>((i * 13 + static_cast<std::size_t>(seed)) % 9);
  return values;
}

TEST_CASE("library products: chained in a stream, and in a graph that is launched again") {
  const Stream stream;
  const int size = 200;  // more than one panel
  const std::size_t count = static_cast<std::size_t>(size) * size;
  // A permutation of columns: moving by one place, exact in any arithmetic.
  std::vector<float> shift(count);
  for (int i = 0; i < size; ++i) shift[static_cast<std::size_t>(i) * size + (i + 1) % size] = 1;
  const std::vector<float> values = whole_numbers(count, 3);
  const DeviceBuffer<float> a(values, stream), b(count), permutation(shift, stream);
  const auto move = [&](const DeviceBuffer<float>& from, const DeviceBuffer<float>& to, StreamView s) {
    launch_library_product({factor(from.matrix(size, size)), factor(permutation.matrix(size, size)), to.data(), size},
                           s);
  };
  const auto move_twice = [&](StreamView s) {
    move(a, b, s);
    move(b, a, s);
  };
  const auto moved = [&](int places) {
    std::vector<float> result(count);
    for (int row = 0; row < size; ++row) {
      for (int column = 0; column < size; ++column) {
        result[static_cast<std::size_t>(row) * size + (column + places) % size] =
            values[static_cast<std::size_t>(row) * size + column];
      }
    }
    return result;
  };

  // The capture comes first: what a library prepares at its first use must not disturb it.
  const Graph graph = Graph::capture(stream, move_twice);
  CHECK(graph.nodes() >= 2);
  CHECK(a.download(stream) == values);  // a capture runs nothing
  graph.launch(stream);
  graph.launch(stream);
  CHECK(a.download(stream) == moved(4));
  move_twice(stream);
  CHECK(a.download(stream) == moved(6));
}

#endif

}  // namespace
}  // namespace duel::test

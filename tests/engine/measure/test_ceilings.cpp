// What the device can do at most: numbers are measured, so only that there are some is tested.
#include "engine/measure/ceilings.h"

#include <cmath>
#include <vector>

#include "engine/measure/copy.h"
#include "engine/measure/multiply_add.h"
#include "kernels/runtime/buffer.h"
#include "tests/support/catch.h"

namespace duel {
namespace {

TEST_CASE("ceilings are positive and finite") {
  const double flops = measure_flops_per_second(), bytes = measure_copy_bytes_per_second(1 << 16);
  CHECK((flops > 0 && std::isfinite(flops)));
  CHECK((bytes > 0 && std::isfinite(bytes)));
  CHECK(measure_copy_bytes_per_second(0) > 0);  // of the least that can be copied
}

TEST_CASE("the copy copies all values, whatever the rest of the last block, and no other") {
  const Stream stream;
  const std::size_t count = GENERATE(1, 4095, 4096, 4097, 10000);
  std::vector<float4> from(count), to(count + 1, make_float4(-1, -1, -1, -1));
  for (std::size_t i = 0; i < count; ++i) {
    const auto x = static_cast<float>(i);
    from[i] = make_float4(x, x + 0.25f, x + 0.5f, x + 0.75f);
  }
  const DeviceBuffer<float4> source(from, stream), target(to, stream);
  enqueue_copy(source.data(), target.data(), count, stream);
  const std::vector<float4> copied = target.download(stream);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const float4 a = from[i], b = copied[i];
    wrong += a.x != b.x || a.y != b.y || a.z != b.z || a.w != b.w;
  }
  CHECK(wrong == 0);
  CHECK(copied[count].x == -1);
}

TEST_CASE("multiply-adds: every thread leaves a sum, and the count grows with the steps") {
  const Stream stream;
  const DeviceBuffer<float> sink(multiply_add_threads());
  const double one = enqueue_multiply_adds(sink.vector(), 1, stream);
  CHECK(enqueue_multiply_adds(sink.vector(), 60, stream) == 60 * one);
  const std::vector<float> sums = sink.download(stream);
  // Every value has come to term / (1 - factor) = 1, so a sum is the number of values.
  const auto values = static_cast<float>(one / 2 / static_cast<double>(sums.size()));
  for (const float sum : sums) REQUIRE(sum == values);
}

}  // namespace
}  // namespace duel

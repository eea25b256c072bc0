#include <limits>
#include <vector>

#include "kernels/ops/count_in_rows/cases.h"
#include "kernels/runtime/buffer.h"
#include "tests/kernels/support/check_cases.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {
namespace {

TEST_CASE("count in rows: every case against the reference") {
  CHECK(check_cases(verify::count_in_rows_cases(), 1) == "");
}

TEST_CASE("count in rows: a value counts that equals its limit, NaN does not") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> values = {1, 2, nan, 3, 1, 0, 0, nan}, limits = {1, 1, 9, nan};
  const std::vector<std::int32_t> before = {10, 20};
  for (const auto& variant : count_in_rows_op().variants) {
    if (!variant.supports({}, Device::current())) continue;
    INFO(variant.name);
    const Stream stream;
    const DeviceBuffer<float> device_values(values, stream), device_limits(limits, stream);
    const DeviceBuffer<std::int32_t> counts(before, stream);
    variant.launch({.values = device_values.matrix(2, 4), .limits = device_limits.vector(), .counts = counts.vector()},
                   stream);
    CHECK(counts.download(stream) == std::vector<std::int32_t>{11, 23});
  }
}

TEST_CASE("count in rows: wrong arguments are refused by name") {
  CountInRows<float> valid{};
  valid.values = shape<const float>(4, 9);
  valid.limits = shape<const float>(9);
  valid.counts = shape<std::int32_t>(4);
  CHECK(check_shapes(count_in_rows_op(), valid, {.defining = {"values"}}) == "");
}

}  // namespace
}  // namespace duel::test

#include <algorithm>
#include <limits>
#include <vector>

#include "kernels/ops/smallest_in_rows/cases.h"
#include "kernels/runtime/buffer.h"
#include "tests/kernels/support/check_cases.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST_CASE("smallest in rows: every case against the reference") {
  CHECK(check_cases(verify::smallest_in_rows_cases(), 1) == "");
}

struct Smallest {
  std::vector<float> values;
  std::vector<std::int32_t> places;
  bool operator==(const Smallest&) const = default;
};

/// The k smallest of one row, given in pieces that begin at `begins`.
Smallest smallest(const Variant<SmallestInRows<float>>& variant, const std::vector<float>& row, int k,
                  std::vector<int> begins) {
  const Stream stream;
  const std::vector<float> start(k, kInfinity);
  const std::vector<std::int32_t> nowhere(k, kNoPlace);
  const DeviceBuffer<float> values(row, stream), best(start, stream);
  const DeviceBuffer<std::int32_t> places(nowhere, stream);
  begins.push_back(static_cast<int>(row.size()));
  for (std::size_t i = 0; i + 1 < begins.size(); ++i) {
    variant.launch({.values = {values.data() + begins[i], 1, begins[i + 1] - begins[i]},
                    .first_column = begins[i],
                    .smallest = best.matrix(1, k),
                    .places = places.matrix(1, k)},
                   stream);
  }
  return {best.download(stream), places.download(stream)};
}

TEST_CASE("smallest in rows: pieces give what the whole gives, of equal values the first column") {
  std::vector<float> row(1000);
  for (int i = 0; i < 1000; ++i) row[i] = static_cast<float>((i * 37) % 101);
  for (const auto& variant : smallest_in_rows_op().variants) {
    if (!variant.supports({}, Device::current())) continue;
    INFO(variant.name);
    const Smallest whole = smallest(variant, row, 5, {0});
    CHECK(whole == Smallest{{0, 0, 0, 0, 0}, {0, 101, 202, 303, 404}});
    CHECK(smallest(variant, row, 5, {0, 1, 300, 600}) == whole);
  }
}

TEST_CASE("smallest in rows: NaN is passed over, missing values stay infinite") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const auto& variant : smallest_in_rows_op().variants) {
    if (!variant.supports({}, Device::current())) continue;
    INFO(variant.name);
    CHECK(smallest(variant, {nan, 2, nan, 1}, 3, {0}) == Smallest{{1, 2, kInfinity}, {3, 1, kNoPlace}});
    std::vector<float> long_row(600, nan);
    long_row[300] = -1;
    CHECK(smallest(variant, long_row, 1, {0}) == Smallest{{-1}, {300}});
    CHECK(smallest(variant, {kInfinity, kInfinity}, 1, {0}) == Smallest{{kInfinity}, {0}});
  }
}

TEST_CASE("smallest in rows: wrong arguments are refused by name") {
  SmallestInRows<float> valid{};
  valid.values = shape<const float>(4, 9);
  valid.smallest = shape<float>(4, 3);
  valid.places = shape<std::int32_t>(4, 3);
  CHECK_NOTHROW(smallest_in_rows_op().validate(valid));
  auto wrong = valid;
  wrong.values = {};
  CHECK(check_refusal(smallest_in_rows_op(), wrong, "value") == "");
  wrong = valid;
  wrong.smallest.rows = 5;
  CHECK(check_refusal(smallest_in_rows_op(), wrong, "smallest") == "");
  wrong = valid;
  wrong.places.columns = 2;
  CHECK(check_refusal(smallest_in_rows_op(), wrong, "places") == "");
  wrong = valid;
  wrong.smallest.columns = wrong.places.columns = kMostSmallest + 1;
  CHECK(check_refusal(smallest_in_rows_op(), wrong, "smallest") == "");
  wrong = valid;
  wrong.first_column = -1;
  CHECK(check_refusal(smallest_in_rows_op(), wrong, "first_column") == "");
  wrong.first_column = kNoPlace - 8;
  CHECK(check_refusal(smallest_in_rows_op(), wrong, "first_column") == "");
}

}  // namespace
}  // namespace duel::test

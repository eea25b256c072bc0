#include <cmath>
#include <limits>
#include <vector>

#include "kernels/ops/log_sum_exp_rows/cases.h"
#include "kernels/runtime/buffer.h"
#include "tests/kernels/support/check_cases.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {
namespace {

TEST_CASE("log sum exp: every case against the reference") {
  CHECK(check_cases(verify::log_sum_exp_rows_cases(), 1) == "");
}

/// log sum exp(-rate * value) of one row, given in pieces that begin at `begins`.
double log_sum_exp(const Variant<LogSumExpRows<float>>& variant, const std::vector<float>& row, float rate,
                   std::vector<int> begins) {
  const Stream stream;
  const std::vector<float> infinity{std::numeric_limits<float>::infinity()}, zero{0.f}, one_rate{rate};
  const DeviceBuffer<float> values(row, stream), rates(one_rate, stream), least(infinity, stream), sums(zero, stream);
  begins.push_back(static_cast<int>(row.size()));
  for (std::size_t i = 0; i + 1 < begins.size(); ++i) {
    variant.launch({.values = {values.data() + begins[i], 1, begins[i + 1] - begins[i]},
                    .rates = rates.vector(),
                    .least = least.vector(),
                    .sums = sums.matrix(1, 1)},
                   stream);
  }
  return std::log(static_cast<double>(sums.download(stream)[0])) -
         static_cast<double>(rate) * static_cast<double>(least.download(stream)[0]);
}

TEST_CASE("log sum exp: closed forms, in one piece and in several") {
  const std::vector<float> equal(1000, 3.f);
  std::vector<float> falling(1000);  // every piece has a smaller least value; the sum is a geometric series
  for (int i = 0; i < 1000; ++i) falling[i] = static_cast<float>(1000 - i);
  const double series = -0.25 + std::log((1 - std::exp(-250.0)) / (1 - std::exp(-0.25)));
  for (const auto& variant : log_sum_exp_rows_op().variants) {
    if (!variant.supports({}, Device::current())) continue;
    for (const std::vector<int>& begins : {std::vector{0}, std::vector{0, 1, 500, 999}}) {
      INFO(variant.name << ", " << begins.size() << " pieces");
      CHECK(std::abs(log_sum_exp(variant, equal, 2.f, begins) - (std::log(1000.0) - 6)) < 1e-5);
      CHECK(std::abs(log_sum_exp(variant, equal, 0.f, begins) - std::log(1000.0)) < 1e-5);
      CHECK(std::abs(log_sum_exp(variant, falling, 0.25f, begins) - series) < 1e-5);
      CHECK(std::abs(log_sum_exp(variant, {40000, 50000}, 50.f, {0}) + 2e6) < 1e-5);  // exp of it is 0 in any format
    }
  }
}

TEST_CASE("log sum exp: wrong arguments are refused by name") {
  LogSumExpRows<float> valid{};
  valid.values = shape<const float>(4, 9);
  valid.rates = shape<const float>(2);
  valid.least = shape<float>(4);
  valid.sums = shape<float>(4, 2);
  CHECK_NOTHROW(log_sum_exp_rows_op().validate(valid));
  auto wrong = valid;
  wrong.rates = {};
  CHECK(check_refusal(log_sum_exp_rows_op(), wrong, "rates") == "");
  wrong = valid;
  wrong.rates.rows = 3;
  CHECK(check_refusal(log_sum_exp_rows_op(), wrong, "sums") == "");
  wrong = valid;
  wrong.least.rows = 5;
  CHECK(check_refusal(log_sum_exp_rows_op(), wrong, "least") == "");
  wrong = valid;
  wrong.values = {};
  CHECK(check_refusal(log_sum_exp_rows_op(), wrong, "value") == "");
}

}  // namespace
}  // namespace duel::test

#include "kernels/ops/transpose/cases.h"
#include "tests/kernels/support/check_cases.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

TEST_CASE("transpose: every case on every variant") {
  CHECK(check_cases(transpose_cases(), 1) == "");
}

TEST_CASE("transpose: a matrix turned over by hand") {
  HostTensors host(1);
  const Transpose<double> a{{host.vector(std::vector<double>{1, 2, 3, 4, 5, 6}).data, 2, 3}, 1, host.matrix(2, 2)};
  transpose_reference(a);
  CHECK(std::vector<double>(a.output.data, a.output.data + 4) == std::vector<double>{2, 5, 3, 6});
}

TEST_CASE("transpose: wrong arguments are refused by name") {
  const auto& op = transpose_op();
  const Transpose<float> valid{shape<const float>(6, 10), 3, shape<float>(7, 6)};
  op.validate(valid);
  for (const auto rows_or_columns : {&Matrix<float>::rows, &Matrix<float>::columns}) {
    auto wrong = valid;
    wrong.output.*rows_or_columns += 1;  // 3 + 8 columns of 10, or 7 values of 6 rows
    CHECK(check_refusal(op, wrong, "output") == "");
    wrong.output.*rows_or_columns = 0;
    CHECK(check_refusal(op, wrong, "") == "");
  }
  auto wrong = valid;
  wrong.output = {nullptr, 7, 6};
  CHECK(check_refusal(op, wrong, "output") == "");
  wrong = valid;
  wrong.input.data = nullptr;
  CHECK(check_refusal(op, wrong, "input") == "");
  wrong = valid;
  wrong.first_column = 4;  // 4 + 7 columns of 10
  CHECK(check_refusal(op, wrong, "first_column 4") == "");
  wrong.first_column = -1;
  CHECK(check_refusal(op, wrong, "first_column -1") == "");
}

}  // namespace
}  // namespace duel::test

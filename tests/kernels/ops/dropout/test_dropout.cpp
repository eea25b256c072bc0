#include "kernels/ops/dropout/cases.h"

#include <cmath>
#include <limits>

#include "kernels/runtime/buffer.h"
#include "kernels/verify/check_op.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

Dropout<float> scalars(float keep = 0.5f, int first_sample = 0, std::uint32_t draw = 3) {
  Dropout<float> a{};
  a.mask = {keep, 0x123456789abcdef0, draw, first_sample, {}};
  return a;
}

std::string check_dropout(int rows, int columns, const Dropout<float>& s, const CheckOptions& options = {}) {
  HostTensors host(options.seed);
  return check_op<Dropout<double>>(dropout_op(), dropout_reference, dropout_case(host, rows, columns, s), s,
                                   dropout_bounds, options);
}

/// What the preferred variant makes of `values` [rows, columns] in an iteration; in place where that is asked for.
std::vector<float> dropped(const std::vector<float>& values, int columns, Dropout<float> a, std::uint64_t iteration = 7,
                           bool in_place = false) {
  const Stream stream;
  const std::vector<TrainingClock> clock{{iteration, 0, 0}};
  const DeviceBuffer<TrainingClock> device_clock(clock, stream);
  const DeviceBuffer<float> input(values, stream), other(values.size());
  const int rows = static_cast<int>(values.size()) / columns;
  const DeviceBuffer<float>& output = in_place ? input : other;
  a.input = input.matrix(rows, columns);
  a.mask.clock = device_clock.vector();
  a.output = output.matrix(rows, columns);
  run(dropout_op(), a, stream);
  return output.download(stream);
}

std::vector<float> ones(int rows, int columns) {
  return std::vector<float>(static_cast<std::size_t>(rows) * columns, 1.f);
}

double share_kept(const std::vector<float>& values) {
  double kept = 0;
  for (const float value : values) kept += value != 0 ? 1 : 0;
  return kept / static_cast<double>(values.size());
}

TEST_CASE("dropout: any number of rows and columns") {
  for (const int rows : {1, 2, 33}) {
    for (const int columns : {1, 2, 3, 4, 5, 31, 32, 33, 127, 128, 129, 784}) {
      INFO(rows << " x " << columns);
      CHECK(check_dropout(rows, columns, scalars(0.8f, 5)) == "");
    }
  }
  CHECK(check_dropout(1025, 100, scalars()) == "");
}

TEST_CASE("dropout: every schedule on every number of threads, tensors that begin anywhere") {
  CHECK(check_dropout(65, 130, scalars(), {.executions = HowMany::all}) == "");
  for (const int misalignment : {1, 2, 3})
    CHECK(check_dropout(33, 100, scalars(), {.misalignment = misalignment}) == "");
}

// A share of `keep` stays: its deviation is at most 5 sqrt(p (1 - p) / n). With the factor 1 / keep the mean stays 1.
TEST_CASE("dropout: a share of keep stays, divided by it, everywhere alike") {
  constexpr int kRows = 1000, kColumns = 200;
  for (const float keep : {0.1f, 0.5f, 0.8f, 0.99f}) {
    INFO("keep " << keep);
    const std::vector<float> values = dropped(ones(kRows, kColumns), kColumns, scalars(keep));
    const double deviation = std::sqrt(keep * (1 - keep));
    CHECK(std::abs(share_kept(values) - keep) < 5 * deviation / std::sqrt(1.0 * kRows * kColumns));
    for (const float value : values) REQUIRE((value == 0 || std::abs(value * keep - 1) < 1e-6f));
    for (int column = 0; column < kColumns; ++column) {
      double kept = 0;
      for (int row = 0; row < kRows; ++row) kept += values[static_cast<std::size_t>(row) * kColumns + column] != 0;
      CHECK(std::abs(kept / kRows - keep) < 5 * deviation / std::sqrt(1.0 * kRows));
    }
  }
}

TEST_CASE("dropout: neighbouring values are independent") {
  constexpr int kRows = 1000, kColumns = 100;
  const std::vector<float> values = dropped(ones(kRows, kColumns), kColumns, scalars());
  for (const std::size_t distance : {1, 2, 3, 4, 100, 200}) {
    double sum = 0;
    for (std::size_t i = distance; i < values.size(); ++i) sum += (values[i] - 1.0) * (values[i - distance] - 1.0);
    INFO("distance " << distance);
    CHECK(std::abs(sum / static_cast<double>(values.size())) < 5 / std::sqrt(1.0 * kRows * kColumns));
  }
}

TEST_CASE("dropout: keep 1 changes no bit") {
  const std::vector<float> values = dropped(ones(33, 100), 100, scalars());
  CHECK(dropped(values, 100, scalars(1.f)) == values);
}

TEST_CASE("dropout: in place as elsewhere, and a gradient has the mask of its values") {
  std::vector<float> values = ones(65, 37);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 17) + 1;
  const std::vector<float> once = dropped(values, 37, scalars(0.8f));
  CHECK(dropped(values, 37, scalars(0.8f), 7, true) == once);
  const std::vector<float> mask = dropped(ones(65, 37), 37, scalars(0.8f));
  for (std::size_t i = 0; i < values.size(); ++i) CHECK((mask[i] != 0) == (once[i] != 0));
}

// The generator's pass over generated images alone shares their rows' masks with the pass over real ones too.
TEST_CASE("dropout: first_sample continues the mask of more rows") {
  const std::vector<float> all = dropped(ones(20, 33), 33, scalars());
  const std::vector<float> last = dropped(ones(8, 33), 33, scalars(0.5f, 12));
  CHECK(last == std::vector<float>(all.end() - 8 * 33, all.end()));
}

TEST_CASE("dropout: seeds, draws and iterations give other masks, each about as different as can be") {
  const auto base = dropped(ones(50, 100), 100, scalars());
  Dropout<float> other_seed = scalars();
  other_seed.mask.seed ^= std::uint64_t{1} << 32;
  const std::vector<std::vector<float>> others = {
      dropped(ones(50, 100), 100, other_seed),
      dropped(ones(50, 100), 100, scalars(0.5f, 0, 4)),
      dropped(ones(50, 100), 100, scalars(), 8),
      dropped(ones(50, 100), 100, scalars(), 7 + (std::uint64_t{1} << 32)),
      dropped(ones(50, 100), 100, scalars(0.5f, 1)),
  };
  for (const auto& other : others) {
    double equal = 0;
    for (std::size_t i = 0; i < base.size(); ++i) equal += base[i] == other[i];
    CHECK(std::abs(equal / 5000 - 0.5) < 5 * 0.5 / std::sqrt(5000.0));
  }
}

TEST_CASE("dropout: wrong arguments are refused by name") {
  Dropout<float> valid = scalars();
  valid.input = shape<const float>(4, 3);
  valid.mask.clock = shape<const TrainingClock>(1);
  valid.output = shape<float>(4, 3);
  CHECK(check_shapes(dropout_op(), valid, {.defining = {"input"}}) == "");
  for (const float keep : {0.f, -0.5f, 1.01f, std::numeric_limits<float>::quiet_NaN()}) {
    auto wrong = valid;
    wrong.mask.keep = keep;
    CHECK(check_refusal(dropout_op(), wrong, "keep") == "");
  }
  auto wrong = valid;
  wrong.mask.first_sample = -1;
  CHECK(check_refusal(dropout_op(), wrong, "first_sample") == "");
}

}  // namespace
}  // namespace duel::test

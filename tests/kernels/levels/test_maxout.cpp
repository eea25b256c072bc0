// Maxout and dropout of one sample per column: what wins, and what is dropped.
#include <cmath>
#include <limits>

#include "kernels/ops/dropout/cases.h"
#include "kernels/ops/maxout/cases.h"
#include "kernels/reference.h"
#include "kernels/runtime/buffer.h"
#include "tests/kernels/levels/level_ops.h"
#include "tests/kernels/support/central_differences.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

DropoutMask<double> mask_of(HostTensors& host, float keep = 0.5f, int first_sample = 5) {
  return {keep, 0x123456789abcdef0, 3, first_sample, host.vector<TrainingClock>({{7, 0, 0}})};
}

/// The arguments without their tensors, as check_op() wants them.
template <template <class> class Arguments>
Arguments<float> scalars_of(const Arguments<double>& a) {
  Arguments<float> scalars{};
  scalars.mask = {static_cast<float>(a.mask.keep), a.mask.seed, a.mask.draw, a.mask.first_sample, {}, a.mask.pixels};
  if constexpr (requires { a.pieces; }) scalars.pieces = a.pieces;
  return scalars;
}

MaxoutForward<double> forward_of(HostTensors& host, const Matrix<double>& linear, int pieces) {
  const int units = linear.rows / pieces;
  MaxoutForward<double> a{};
  a.linear = linear;
  a.pieces = pieces;
  a.output = host.matrix(units, linear.columns);
  a.winner = host.bytes(units, linear.columns);
  return a;
}

TEST_CASE("maxout and dropout: every case, and each fifth in every schedule on every number of threads") {
  const auto check = [](const auto& op) {
    const auto cases = op.cases();
    for (std::size_t i = 0; i < cases.size(); ++i) {
      INFO(op.op.name << ", " << cases[i].name);
      const HowMany executions = i % 5 == 4 ? HowMany::all : HowMany::some;
      CHECK(check_case(op, cases[i], {.misalignment = cases[i].misalignment, .executions = executions}) == "");
    }
  };
  check(maxout_forward_cases());
  check(maxout_backward_cases());
  check(maxout_tangent_cases());
  check(dropout_cases());
}

TEST_CASE("maxout: the first of equal pieces wins, a NaN wins against numbers") {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInfinity = std::numeric_limits<double>::infinity();
  const std::vector<std::vector<double>> units = {
      {1, 1, 0}, {0, 2, 2}, {-3, -3, -3}, {kNan, 5, 6}, {1, kNan, kInfinity}, {1, kNan, kNan}};
  HostTensors host(4);
  const Matrix<double> linear = host.matrix(18, 70);
  for (int row = 0; row < 18; ++row) {
    for (int sample = 0; sample < 70; ++sample) at(linear, row, sample) = units[row / 3][row % 3];
  }
  const MaxoutForward<double> a = forward_of(host, linear, 3);
  CHECK(check_op<MaxoutForward<double>>(maxout_forward_op(), maxout_forward_reference, a, scalars_of(a),
                                        [](const auto&) { return Bounds(); }, {}) == "");
  const int winners[] = {0, 1, 0, 0, 1, 1};
  for (int unit = 0; unit < 6; ++unit) {
    CHECK(at(a.winner, unit, 0) == winners[unit]);
    CHECK(at(a.winner, unit, 69) == winners[unit]);
  }
}

TEST_CASE("maxout: what is dropped is 0, a NaN too") {
  HostTensors host(4);
  const Matrix<double> linear = host.matrix(40, 70);  // NaN everywhere
  MaxoutForward<double> a = forward_of(host, linear, 2);
  a.mask = mask_of(host);
  CHECK(check_op<MaxoutForward<double>>(maxout_forward_op(), maxout_forward_reference, a, scalars_of(a),
                                        [](const auto&) { return Bounds(); }, {}) == "");
  int zeros = 0;
  for (std::size_t i = 0; i < a.output.size(); ++i) zeros += a.output.data[i] == 0;
  CHECK(zeros > 600);
  CHECK(zeros < 800);
}

TEST_CASE("dropout: in place as elsewhere") {
  const Stream stream;
  const std::vector<TrainingClock> clock{{7, 0, 0}};
  const DeviceBuffer<TrainingClock> device_clock(clock, stream);
  std::vector<float> values(33 * 70);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 17) + 1;
  const DeviceBuffer<float> input(values, stream), output(values.size());
  const Dropout<float> a{input.matrix(33, 70), {0.8f, 1, 2, 3, device_clock.vector()}, 0, output.matrix(33, 70)};
  for (const auto& variant : dropout_op().variants) {
    CAPTURE(variant.name);
    const DeviceBuffer<float> both(values, stream);
    enqueue(dropout_op(), variant, a, stream);
    enqueue(dropout_op(), variant, {both.matrix(33, 70), a.mask, 0, both.matrix(33, 70)}, stream);
    CHECK(both.download(stream) == output.download(stream));
    CHECK(output.download(stream) != values);
  }
}

TEST_CASE("maxout: the references' gradients are the slopes of the forward pass") {
  constexpr int kUnits = 5, kSamples = 6, kPieces = 3;
  HostTensors host(6);
  const Matrix<double> linear = host.uniform(kUnits * kPieces, kSamples, -1, 1);
  MaxoutForward<double> forward = forward_of(host, linear, kPieces);
  forward.mask = mask_of(host);
  const Vector<double> head = host.uniform(kUnits, -1, 1);
  forward.head_weight = head;
  forward.unit_gradient = host.matrix(kUnits * kPieces, kSamples);
  const Matrix<double> cotangent = host.uniform(kUnits, kSamples, -1, 1);
  const auto sum_of = [&](auto weight) {
    maxout_forward_reference(forward);
    double sum = 0;
    for (int unit = 0; unit < kUnits; ++unit) {
      for (int sample = 0; sample < kSamples; ++sample) sum += weight(unit, sample) * at(forward.output, unit, sample);
    }
    return sum;
  };
  const auto logits = [&] { return sum_of([&](int unit, int) { return head.data[unit]; }); };
  const auto loss = [&] { return sum_of([&](int unit, int sample) { return at(cotangent, unit, sample); }); };
  loss();
  const MaxoutBackward<double> backward{cotangent, kPieces, forward.mask, forward.winner,
                                        host.matrix(kUnits * kPieces, kSamples)};
  maxout_backward_reference(backward);
  CHECK(check_gradient("linear", linear, backward.d_linear, loss) == "");
  std::vector<double> unit(forward.unit_gradient.data, forward.unit_gradient.data + forward.unit_gradient.size());
  CHECK(check_gradient("linear under a head", linear, Matrix<double>{unit.data(), kUnits * kPieces, kSamples},
                       logits) == "");
}

TEST_CASE("maxout and dropout: wrong arguments are refused by name") {
  const DropoutMask<float> mask{0.5f, 1, 2, 3, shape<const TrainingClock>(1)};
  MaxoutForward<float> forward{};
  forward.linear = shape<const float>(10, 4), forward.pieces = 2, forward.mask = mask;
  forward.output = shape<float>(5, 4), forward.winner = shape<std::uint8_t>(5, 4);
  forward.head_weight = shape<const float>(5), forward.unit_gradient = shape<float>(10, 4);
  CHECK(check_shapes(maxout_forward_op(), forward, {.defining = {"output"}, .optional = {"clock", "head_weight"}}) ==
        "");
  MaxoutBackward<float> backward{shape<const float>(5, 4), 2, mask, shape<const std::uint8_t>(5, 4),
                                 shape<float>(10, 4)};
  CHECK(check_shapes(maxout_backward_op(), backward, {.defining = {"d_output"}, .optional = {"clock"}}) == "");
  Dropout<float> dropout{shape<const float>(5, 4), mask, 0, shape<float>(5, 4)};
  CHECK(check_shapes(dropout_op(), dropout, {.defining = {"input"}}) == "");
  for (const int column : {-1, 4}) {
    dropout.first_column = column;
    CHECK(check_refusal(dropout_op(), dropout, "first_column from 0 to 3, not " + std::to_string(column)) == "");
  }
  dropout.first_column = 0;
  for (const int pieces : {0, -1, 257}) {
    forward.pieces = backward.pieces = pieces;
    CHECK(check_refusal(maxout_forward_op(), forward, "pieces, not " + std::to_string(pieces)) == "");
    CHECK(check_refusal(maxout_backward_op(), backward, "pieces, not " + std::to_string(pieces)) == "");
  }
  forward.pieces = backward.pieces = 2;
  forward.mask.pixels = backward.mask.pixels = dropout.mask.pixels = 2;  // of five rows
  CHECK(check_refusal(maxout_forward_op(), forward, "pixels") == "");
  CHECK(check_refusal(maxout_backward_op(), backward, "pixels") == "");
  CHECK(check_refusal(dropout_op(), dropout, "pixels") == "");
  dropout.mask.pixels = 0;
  CHECK(check_refusal(dropout_op(), dropout, "pixels") == "");
  forward.mask.pixels = backward.mask.pixels = dropout.mask.pixels = 1;
  for (const float keep : {0.f, -0.5f, 1.01f, std::numeric_limits<float>::quiet_NaN()}) {
    forward.mask.keep = backward.mask.keep = dropout.mask.keep = keep;
    CHECK(check_refusal(maxout_forward_op(), forward, "keep") == "");
    CHECK(check_refusal(maxout_backward_op(), backward, "keep") == "");
    CHECK(check_refusal(dropout_op(), dropout, "keep") == "");
  }
  dropout.mask = mask;
  dropout.mask.first_sample = -1;
  CHECK(check_refusal(dropout_op(), dropout, "first_sample") == "");
}

}  // namespace
}  // namespace duel::test

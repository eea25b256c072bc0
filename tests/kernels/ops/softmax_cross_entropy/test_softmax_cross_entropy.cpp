#include "kernels/ops/softmax_cross_entropy/cases.h"

#include <limits>

#include "kernels/reference.h"
#include "kernels/verify/check_op.h"
#include "tests/kernels/support/central_differences.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr HeadOutputs kOutputs[] = {HeadOutputs::probabilities, HeadOutputs::loss, HeadOutputs::gradient};

std::string check(const SoftmaxCrossEntropy<double>& a, const CheckOptions& options = {}) {
  return check_op<SoftmaxCrossEntropy<double>>(softmax_cross_entropy_op(), softmax_cross_entropy_reference, a,
                                               SoftmaxCrossEntropy<float>{}, softmax_cross_entropy_bounds, options);
}

std::string check(int samples, int classes, HeadOutputs outputs, const CheckOptions& options = {}) {
  HostTensors host(options.seed);
  return check(softmax_case(host, samples, classes, outputs), options);
}

// `logits`: sample by sample.
SoftmaxCrossEntropy<double> given(HostTensors& host, const std::vector<double>& logits,
                                  const std::vector<std::uint8_t>& labels) {
  const int samples = static_cast<int>(labels.size()), classes = static_cast<int>(logits.size()) / samples;
  auto a = softmax_case(host, samples, classes, HeadOutputs::gradient);
  std::vector<double> columns;
  for (int c = 0; c < classes; ++c) {
    for (int sample = 0; sample < samples; ++sample) columns.push_back(logits[sample * classes + c]);
  }
  a.logits = {host.vector(columns).data, classes, samples};
  a.labels = host.vector(labels);
  return a;
}

TEST_CASE("softmax head: any shape, with and without labels") {
  for (const HeadOutputs outputs : kOutputs) {
    for (const int samples : {1, 33, 129}) {
      for (const int classes : {1, 2, 3, 10, 31, 32, 33, 64, 65, 256}) {
        INFO(samples << " samples, " << classes << " classes");
        CHECK(check(samples, classes, outputs) == "");
      }
    }
  }
}

TEST_CASE("softmax head: every schedule on every number of threads, and tensors that begin anywhere") {
  for (const HeadOutputs outputs : kOutputs) {
    for (const int classes : {10, 40}) {
      CHECK(check(300, classes, outputs, {.executions = HowMany::all}) == "");
      for (const int misalignment : {1, 2, 3}) CHECK(check(33, classes, outputs, {.misalignment = misalignment}) == "");
    }
  }
}

// Odds 1 : 3 and 1 : 1: probabilities 1/4, 3/4 and 1/2, 1/2.
TEST_CASE("softmax head: a batch worked out by hand") {
  HostTensors host(1);
  const auto a = given(host, {2, 2 + std::log(3.0), -5, -5}, {0, 1});
  softmax_cross_entropy_reference(a);
  const double p[] = {0.25, 0.75, 0.5, 0.5}, d[] = {-0.375, 0.375, 0.25, -0.25};
  for (int i = 0; i < 4; ++i) {
    CHECK(std::abs(at(a.probabilities, i % 2, i / 2) - p[i]) <= 1e-15);
    CHECK(std::abs(at(a.d_logits, i % 2, i / 2) - d[i]) <= 1e-15);
  }
  CHECK(std::abs(a.statistics.data[kMeanCrossEntropy] - (std::log(4.0) + std::log(2.0)) / 2) <= 1e-15);
  CHECK(a.statistics.data[kCorrectSamples] == 0);  // the second is a tie, which the first class wins
}

TEST_CASE("softmax head: the reference's gradient is the slope of its loss") {
  for (const int samples : {1, 3, 20}) {
    for (const int classes : {1, 2, 10, 40}) {
      HostTensors host(2);
      auto a = softmax_case(host, samples, classes, HeadOutputs::gradient);
      const auto logits = host.uniform(classes, samples, -6, 6);
      a.logits = logits;
      const auto loss = [&] {
        softmax_cross_entropy_reference(a);
        return a.statistics.data[kMeanCrossEntropy];
      };
      loss();
      const auto gradient = a.d_logits;
      a.d_logits = {};  // the differences leave it alone
      INFO(samples << " samples, " << classes << " classes");
      CHECK(check_gradient("logits", logits, gradient, loss) == "");
    }
  }
}

TEST_CASE("softmax head: the first of the largest logits is the class") {
  HostTensors host(3);
  const auto a = given(host, {1, 1, 0, /**/ 1, 1, 0, /**/ 0, 1, 1, /**/ 0, 1, 1, /**/ 3, 2, 1}, {0, 1, 1, 2, 0});
  CHECK(check(a) == "");
  softmax_cross_entropy_reference(a);
  CHECK(a.statistics.data[kCorrectSamples] == 3);
}

TEST_CASE("softmax head: logits of any size") {
  HostTensors host(4);
  CHECK(check(given(host, {1e4, -1e4, 0, /**/ 88, 89, 90, /**/ -500, 500, -kInfinity}, {1, 2, 1})) == "");
  const auto far = given(host, {200, -200}, {1});
  softmax_cross_entropy_reference(far);
  CHECK(far.statistics.data[kMeanCrossEntropy] == 400);
  CHECK(far.d_logits.data[1] == -1);
}

TEST_CASE("softmax head: a NaN shows in its sample and in the loss") {
  for (const int classes : {3, 33}) {
    for (const int place : {0, 1, classes - 1}) {
      HostTensors host(5);
      std::vector<double> logits(2 * static_cast<std::size_t>(classes), 0.5);
      logits[static_cast<std::size_t>(classes + place)] = kNan;
      const auto a = given(host, logits, {0, 1});
      INFO(classes << " classes, NaN at " << place);
      CHECK(check(a) == "");
      softmax_cross_entropy_reference(a);
      CHECK(std::isnan(a.statistics.data[kMeanCrossEntropy]));
      CHECK(a.statistics.data[kCorrectSamples] == 1);
      CHECK(std::isfinite(at(a.probabilities, 0, 0)));
      CHECK(std::isnan(at(a.probabilities, 0, 1)));
    }
  }
}

TEST_CASE("softmax head: wrong arguments are refused by name") {
  SoftmaxCrossEntropy<float> valid{};
  valid.logits = shape<const float>(3, 4);
  valid.labels = shape<const std::uint8_t>(4);
  valid.probabilities = valid.d_logits = shape<float>(3, 4);
  valid.statistics = shape<float>(kClassificationStatistics);
  const auto& op = softmax_cross_entropy_op();
  CHECK(check_shapes(op, valid, {.defining = {"logits"}, .optional = {"d_logits"}}) == "");
  auto wrong = valid;
  wrong.labels = {};
  wrong.statistics = {};
  CHECK(check_refusal(op, wrong, "d_logits") == "");
  wrong.d_logits = {};
  op.validate(wrong);  // probabilities alone
  wrong.logits = shape<const float>(257, 4);
  wrong.probabilities = shape<float>(257, 4);
  CHECK(check_refusal(op, wrong, "classes") == "");
  wrong.logits.columns = 0;
  CHECK(check_refusal(op, wrong, "sample") == "");
}

}  // namespace
}  // namespace duel::test

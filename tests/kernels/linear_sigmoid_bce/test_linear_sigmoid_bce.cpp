#include "kernels/linear_sigmoid_bce/linear_sigmoid_bce.h"

#include <limits>

#include "tests/kernels/linear_sigmoid_bce/check_bce.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::string check_both(int batch, int in, const BceSettings& settings, const CheckOptions& options = {}) {
  HostTensors host(options.seed);
  return check_bce_forward(bce_forward_case(host, batch, in, settings), settings, options) +
         check_bce_backward(bce_backward_case(host, batch, in, settings), settings, options);
}

// The discriminator's step: half of the rows are real, every group's mean counts half.
BceSettings discriminator_step(CrossEntropy form, int batch) {
  const int real_rows = batch / 2;
  return {form,
          real_rows,
          {1.f, 0.5f / static_cast<float>(real_rows ? real_rows : 1)},
          {0.f, 0.5f / static_cast<float>(batch - real_rows)}};
}

TEST_CASE("bce head: sizes around tiles and warps") {
  for (const int batch : kEdgeSizes) {
    for (const int in : kEdgeSizes) {
      INFO("batch " << batch << ", in " << in);
      CHECK(check_both(batch, in, discriminator_step(kForms[(batch + in) % 2], batch)) == "");
    }
  }
}

TEST_CASE("bce head: the layer of training") {
  for (const CrossEntropy form : kForms) {
    for (const int batch : {128, 64, 32, 1000}) {
      INFO("batch " << batch);
      CHECK(check_both(batch, 256, discriminator_step(form, batch)) == "");
    }
  }
}

TEST_CASE("bce head: every schedule on every number of threads") {
  for (const CrossEntropy form : kForms) {
    CHECK(check_both(129, 257, discriminator_step(form, 129), {.executions = HowMany::all}) == "");
  }
}

TEST_CASE("bce head: tensors that begin anywhere") {
  for (const int misalignment : {1, 2, 3}) {
    INFO(misalignment << " elements off");
    CHECK(check_both(64, 256, discriminator_step(CrossEntropy::clamped, 64), {.misalignment = misalignment}) == "");
    CHECK(check_both(33, 65, discriminator_step(CrossEntropy::logits, 33), {.misalignment = misalignment}) == "");
  }
}

TEST_CASE("bce head: groups of rows, labels and weights") {
  const RowGroup<float> smoothed{0.9f, 1.f / 64}, smoothed_generated{0.1f, 1.f / 64}, minimax{0.f, -1.f / 64};
  for (const CrossEntropy form : kForms) {
    for (const int real_rows : {0, 1, 32, 63, 64}) {
      INFO("real rows " << real_rows);
      CHECK(check_both(64, 40, {form, real_rows, smoothed, smoothed_generated}) == "");
      CHECK(check_both(64, 40, {form, real_rows, {1.f, 0.f}, minimax}) == "");
    }
  }
}

TEST_CASE("bce head: a group without rows has mean 0") {
  HostTensors host(2);
  const auto all_generated = bce_forward_case(host, 8, 3, {.real_rows = 0});
  linear_sigmoid_bce_forward_reference(all_generated);
  CHECK(all_generated.statistics.data[kMeanReal] == 0);
  CHECK(all_generated.statistics.data[kMeanGenerated] > 0);
  const auto all_real = bce_forward_case(host, 8, 3, {.real_rows = 8});
  linear_sigmoid_bce_forward_reference(all_real);
  CHECK(all_real.statistics.data[kMeanReal] > 0);
  CHECK(all_real.statistics.data[kMeanGenerated] == 0);
}

TEST_CASE("bce head: gradients that nobody asks for") {
  for (const CrossEntropy form : kForms) {
    const auto settings = discriminator_step(form, 65);
    for (const WantedGradients wanted : {WantedGradients{true, false}, {false, true}, {false, false}}) {
      HostTensors host(3);
      CHECK(check_bce_backward(bce_backward_case(host, 65, 129, settings, wanted), settings) == "");
    }
  }
}

// One input of weight 1: the logits are the inputs.
LinearSigmoidBceForward<double> given_logits(HostTensors& host, const std::vector<double>& logits,
                                             const BceSettings& settings) {
  const int batch = static_cast<int>(logits.size());
  auto a = bce_forward_case(host, batch, 1, settings);
  a.input = {host.vector(logits).data, batch, 1};
  a.weight = host.vector<double>({1});
  a.bias = host.vector<double>({0});
  return a;
}

TEST_CASE("bce head: the log of a saturated probability is clamped at -100") {
  for (const float label : {0.f, 1.f}) {
    for (const double logit : {200.0, -200.0}) {
      INFO("label " << label << ", logit " << logit);
      HostTensors host(4);
      const BceSettings settings{.generated = {label, 1.f}};
      const auto a = given_logits(host, {logit}, settings);
      CHECK(check_bce_forward(a, settings) == "");
      linear_sigmoid_bce_forward_reference(a);
      const bool right = (logit > 0) == (label > 0);
      CHECK(a.statistics.data[kLoss] == (right ? 0.0 : 100.0));
    }
  }
}

TEST_CASE("bce head: the logits form has no clamp") {
  HostTensors host(5);
  const std::vector<double> logits{200, -200, 1e4, -1e4, 88, -88, 17, -17, 1e-8, 0};
  for (const float label : {0.f, 1.f, 0.9f}) {
    const BceSettings settings{CrossEntropy::logits, 0, {}, {label, 0.125f}};
    const auto a = given_logits(host, logits, settings);
    CHECK(check_bce_forward(a, settings) == "");
  }
  const BceSettings settings{CrossEntropy::logits, 0, {}, {0.f, 1.f}};
  const auto a = given_logits(host, {200}, settings);
  linear_sigmoid_bce_forward_reference(a);
  CHECK(a.statistics.data[kLoss] == 200);
}

// BCELoss: (p - t) / max(p (1 - p), 1e-12) * p (1 - p), which is 0 where p is exactly 0 or 1, also for a wrong label.
TEST_CASE("bce head: gradients at saturated probabilities are PyTorch's") {
  const std::vector<double> saturated{0, 1, 0x1p-24, 1 - 0x1p-24, 0x1p-45, 0.5};
  for (const float label : {0.f, 1.f}) {
    for (const CrossEntropy form : kForms) {
      INFO("label " << label << ", logits form " << (form == CrossEntropy::logits));
      HostTensors host(6);
      const BceSettings settings{.form = form, .generated = {label, 1.f}};
      auto a = bce_backward_case(host, static_cast<int>(saturated.size()), 5, settings);
      a.probability = host.vector(saturated);
      CHECK(check_bce_backward(a, settings) == "");
      linear_sigmoid_bce_backward_reference(a);
      const bool clamped = form == CrossEntropy::clamped;
      CHECK(a.d_logit.data[0] == (clamped ? 0.0 : 0.0 - label));
      CHECK(a.d_logit.data[1] == (clamped ? 0.0 : 1.0 - label));
      CHECK(a.d_logit.data[5] == 0.5 - label);
      const double below_the_denominator =
          clamped ? (0x1p-45 - label) * 0x1p-45 * (1 - 0x1p-45) / 1e-12 : 0x1p-45 - label;
      CHECK(std::abs(a.d_logit.data[4] - below_the_denominator) <= 1e-15);
    }
  }
}

TEST_CASE("bce head: a NaN in one row shows in its logit, its probability and the loss") {
  for (const CrossEntropy form : kForms) {
    for (const int row : {0, 1}) {
      for (const float label : {0.f, 1.f}) {
        INFO("row " << row << ", label " << label << ", logits form " << (form == CrossEntropy::logits));
        HostTensors host(7);
        const BceSettings settings{form, 1, {label, 1.f}, {label, 1.f}};
        const auto a = given_logits(host, {row == 0 ? kNan : 0.5, row == 1 ? kNan : 0.5}, settings);
        CHECK(check_bce_forward(a, settings) == "");
        linear_sigmoid_bce_forward_reference(a);
        CHECK(std::isnan(a.statistics.data[kLoss]));
        auto backward = bce_backward_case(host, 2, 3, settings);
        backward.probability = a.probability;
        CHECK(check_bce_backward(backward, settings) == "");
      }
    }
  }
}

TEST_CASE("bce head: wrong arguments are refused by name") {
  auto forward = bce_scalars<LinearSigmoidBceForward<float>>({.real_rows = 2});
  forward.input = shape<const float>(4, 3), forward.weight = shape<const float>(3),
  forward.bias = shape<const float>(1);
  forward.logit = forward.probability = shape<float>(4), forward.statistics = shape<float>(kHeadStatistics);
  CHECK(check_shapes(linear_sigmoid_bce_forward_op(), forward, {.defining = {"input"}}) == "");

  auto backward = bce_scalars<LinearSigmoidBceBackward<float>>({.real_rows = 2});
  backward.input = shape<const float>(4, 3), backward.weight = shape<const float>(3);
  backward.probability = shape<const float>(4), backward.d_logit = shape<float>(4);
  backward.d_input = shape<float>(4, 3), backward.d_weight = shape<float>(3), backward.d_bias = shape<float>(1);
  CHECK(check_shapes(linear_sigmoid_bce_backward_op(), backward, {.defining = {"input"}, .optional = {"d_input"}}) ==
        "");
  for (const int real_rows : {-1, 5}) {
    forward.real_rows = backward.real_rows = real_rows;
    CHECK(check_refusal(linear_sigmoid_bce_forward_op(), forward, "real_rows") == "");
    CHECK(check_refusal(linear_sigmoid_bce_backward_op(), backward, "real_rows") == "");
  }
}

}  // namespace
}  // namespace duel::test

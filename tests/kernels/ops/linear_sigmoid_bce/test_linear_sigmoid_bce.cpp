#include "kernels/ops/linear_sigmoid_bce/linear_sigmoid_bce.h"

#include <limits>

#include "tests/kernels/ops/linear_sigmoid_bce/check_bce.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::string check_both(int batch, int in, const BatchLoss<float>& loss, const CheckOptions& options = {}) {
  HostTensors host(options.seed);
  return check_bce_forward(bce_forward_case(host, batch, in, loss), loss, options) +
         check_bce_backward(bce_backward_case(host, batch, in, loss), loss, options);
}

// The discriminator's step: half of the rows are real.
BatchLoss<float> discriminator_step(int place, int batch) {
  return {{.kind = LossKind{place % kLossCount}, .discriminator_weight = 1.f / static_cast<float>(batch)},
          LossOf::discriminator,
          batch / 2};
}

TEST_CASE("bce head: sizes around tiles and warps") {
  for (const int batch : kEdgeSizes) {
    for (const int in : kEdgeSizes) {
      INFO("batch " << batch << ", in " << in);
      CHECK(check_both(batch, in, discriminator_step(batch + in, batch)) == "");
    }
  }
}

TEST_CASE("bce head: the layer of training") {
  for (int loss = 0; loss < kLossCount; ++loss) {
    for (const int batch : {128, 64, 32, 1000}) {
      INFO("batch " << batch);
      CHECK(check_both(batch, 256, discriminator_step(loss, batch)) == "");
    }
  }
}

TEST_CASE("bce head: every schedule on every number of threads") {
  for (int loss = 0; loss < kLossCount; ++loss) {
    CHECK(check_both(129, 257, discriminator_step(loss, 129), {.executions = HowMany::all}) == "");
  }
}

TEST_CASE("bce head: tensors that begin anywhere") {
  for (const int misalignment : {1, 2, 3}) {
    INFO(misalignment << " elements off");
    CHECK(check_both(64, 256, discriminator_step(0, 64), {.misalignment = misalignment}) == "");
    CHECK(check_both(33, 65, discriminator_step(1, 33), {.misalignment = misalignment}) == "");
  }
}

TEST_CASE("bce head: groups of rows, labels and weights") {
  for (auto [losses, name] : cases_of_losses()) {
    losses.discriminator_weight = 1.f / 64, losses.generator_weight = 1.f / 16;
    for (const int real_rows : {0, 1, 32, 63, 64}) {
      INFO(name << ", real rows " << real_rows);
      CHECK(check_both(64, 40, {losses, LossOf::discriminator, real_rows}) == "");
    }
    CHECK(check_both(64, 40, {losses, LossOf::generator}) == "");
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
  for (int place = 0; place < kLossCount; ++place) {
    const auto loss = discriminator_step(place, 65);
    for (const WantedGradients wanted : {WantedGradients{true, false}, {false, true}, {false, false}}) {
      HostTensors host(3);
      CHECK(check_bce_backward(bce_backward_case(host, 65, 129, loss, wanted), loss) == "");
    }
  }
}

// One input of weight 1: the scores are the inputs.
LinearSigmoidBceForward<double> given_scores(HostTensors& host, const std::vector<double>& scores,
                                             const BatchLoss<float>& loss) {
  const int batch = static_cast<int>(scores.size());
  auto a = bce_forward_case(host, batch, 1, loss);
  a.input = {host.vector(scores).data, batch, 1};
  a.weight = host.vector<double>({1});
  a.bias = host.vector<double>({0});
  return a;
}

TEST_CASE("bce head: scores of any size") {
  const std::vector<double> scores{200, -200, 1e4, -1e4, 88, -88, 1e-8, 0};
  for (const auto& [losses, name] : cases_of_losses()) {
    for (const BatchLoss<float>& loss : {BatchLoss<float>{losses, LossOf::discriminator, 8},
                                         {losses, LossOf::discriminator, 0},
                                         {losses, LossOf::generator}}) {
      INFO(name << ", real rows " << loss.real_rows);
      HostTensors host(5);
      CHECK(check_bce_forward(given_scores(host, scores, loss), loss) == "");
    }
  }
}

TEST_CASE("bce head: a NaN in one row shows in its score, its judgement and the loss") {
  for (int place = 0; place < kLossCount; ++place) {
    for (const int row : {0, 1}) {
      INFO("row " << row << ", " << kLossFacts[static_cast<std::size_t>(place)].name);
      HostTensors host(7);
      const BatchLoss<float> loss = discriminator_step(place, 2);
      const auto a = given_scores(host, {row == 0 ? kNan : 0.5, row == 1 ? kNan : 0.5}, loss);
      CHECK(check_bce_forward(a, loss) == "");
      linear_sigmoid_bce_forward_reference(a);
      CHECK(std::isnan(a.statistics.data[kLoss]));
      auto backward = bce_backward_case(host, 2, 3, loss);
      backward.score = a.score;
      backward.judgement = a.judgement;
      CHECK(check_bce_backward(backward, loss) == "");
    }
  }
}

TEST_CASE("bce head: wrong arguments are refused by name") {
  LinearSigmoidBceForward<float> forward{};
  forward.input = shape<const float>(4, 3), forward.weight = shape<const float>(3),
  forward.bias = shape<const float>(1);
  forward.score = forward.judgement = shape<float>(4), forward.statistics = shape<float>(kHeadStatistics);
  CHECK(check_shapes(linear_sigmoid_bce_forward_op(), forward, {.defining = {"input"}}) == "");

  LinearSigmoidBceBackward<float> backward{};
  backward.input = shape<const float>(4, 3), backward.weight = shape<const float>(3);
  backward.score = backward.judgement = shape<const float>(4), backward.d_score = shape<float>(4);
  backward.d_input = shape<float>(4, 3), backward.d_weight = shape<float>(3), backward.d_bias = shape<float>(1);
  CHECK(check_shapes(linear_sigmoid_bce_backward_op(), backward, {.defining = {"input"}, .optional = {"d_input"}}) ==
        "");
  const auto refused = [&](const BatchLoss<float>& loss) {
    forward.loss = backward.loss = loss;
    return check_refusal(linear_sigmoid_bce_forward_op(), forward, "real_rows") +
           check_refusal(linear_sigmoid_bce_backward_op(), backward, "real_rows");
  };
  CHECK(refused({.real_rows = -1}) == "");
  CHECK(refused({.real_rows = 5}) == "");
  CHECK(refused({.player = LossOf::generator, .real_rows = 1}) == "");
}

}  // namespace
}  // namespace duel::test

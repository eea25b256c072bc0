// The reference of linear_sigmoid_bce against central differences of itself, and against values worked out by hand.
#include "tests/kernels/ops/linear_sigmoid_bce/check_bce.h"
#include "tests/kernels/support/central_differences.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

std::string check_gradients(int batch, int in, const BatchLoss<float>& batch_loss) {
  HostTensors host(1);
  auto forward = bce_forward_case(host, batch, in, batch_loss);
  auto backward = bce_backward_case(host, batch, in, batch_loss);
  const auto input = host.uniform(batch, in, -1, 1);
  const auto weight = host.uniform(in, -1, 1), bias = host.uniform(1, -1, 1);
  forward.input = backward.input = input;
  forward.weight = backward.weight = weight;
  forward.bias = bias;
  const auto loss = [&] {
    linear_sigmoid_bce_forward_reference(forward);
    return forward.statistics.data[kLoss];
  };
  loss();
  backward.score = forward.score;
  backward.judgement = forward.judgement;
  linear_sigmoid_bce_backward_reference(backward);
  return check_gradient("input", input, backward.d_input, loss) +
         check_gradient("weight", weight, backward.d_weight, loss) +
         check_gradient("bias", bias, backward.d_bias, loss);
}

TEST_CASE("bce head: the reference's gradients are the slopes of its loss") {
  for (const auto& [losses, name] : cases_of_losses()) {
    for (const int batch : {1, 2, 33}) {
      for (const int in : {1, 3, 33}) {
        INFO(name << ", batch " << batch << ", in " << in);
        CHECK(check_gradients(batch, in, {losses, LossOf::discriminator, batch / 2}) == "");
        CHECK(check_gradients(batch, in, {losses, LossOf::generator}) == "");
      }
    }
  }
}

// Scores 0 and ln 3: probabilities 1/2 and 3/4.
TEST_CASE("bce head: a batch worked out by hand") {
  for (const LossKind kind : {loss_kind<CrossEntropy>(), loss_kind<ClampedCrossEntropy>()}) {
    HostTensors host(2);
    auto a = bce_forward_case(
        host, 2, 1,
        {{.kind = kind, .discriminator_weight = 0.25f, .generator_weight = 0.5f}, LossOf::discriminator, 1});
    a.input = {host.vector<double>({0, std::log(3.0)}).data, 2, 1};
    a.weight = host.vector<double>({1});
    a.bias = host.vector<double>({0});
    linear_sigmoid_bce_forward_reference(a);
    CHECK(a.judgement.data[0] == 0.5);
    CHECK(std::abs(a.judgement.data[1] - 0.75) <= 1e-15);
    // 0.25 * -ln(1/2) + 0.25 * -ln(1 - 3/4)
    CHECK(std::abs(a.statistics.data[kLoss] - 0.25 * (std::log(2.0) + std::log(4.0))) <= 1e-15);
    CHECK(a.statistics.data[kMeanReal] == 0.5);
    CHECK(std::abs(a.statistics.data[kMeanGenerated] - 0.75) <= 1e-15);
    a.loss.player = LossOf::generator;
    a.loss.real_rows = 0;
    linear_sigmoid_bce_forward_reference(a);
    // 0.5 * -ln(1/2) + 0.5 * -ln(3/4)
    CHECK(std::abs(a.statistics.data[kLoss] - 0.5 * (std::log(2.0) - std::log(0.75))) <= 1e-15);
    CHECK(a.statistics.data[kMeanReal] == 0);
    CHECK(std::abs(a.statistics.data[kMeanGenerated] - 0.625) <= 1e-15);
  }
}

}  // namespace
}  // namespace duel::test

// The reference of linear_sigmoid_bce against central differences of itself, and against values worked out by hand.
#include "tests/kernels/linear_sigmoid_bce/check_bce.h"
#include "tests/kernels/support/central_differences.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

std::string check_gradients(int batch, int in, const BceSettings& settings) {
  HostTensors host(1);
  auto forward = bce_forward_case(host, batch, in, settings);
  auto backward = bce_backward_case(host, batch, in, settings);
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
  backward.probability = forward.probability;
  linear_sigmoid_bce_backward_reference(backward);
  return check_gradient("input", input, backward.d_input, loss) +
         check_gradient("weight", weight, backward.d_weight, loss) +
         check_gradient("bias", bias, backward.d_bias, loss);
}

TEST_CASE("bce head: the reference's gradients are the slopes of its loss") {
  for (const CrossEntropy form : kForms) {
    for (const int batch : {1, 2, 33}) {
      for (const int in : {1, 3, 33}) {
        INFO("batch " << batch << ", in " << in);
        CHECK(check_gradients(batch, in, {form, batch / 2, {1.f, 0.5f}, {0.f, 0.25f}}) == "");
        CHECK(check_gradients(batch, in, {form, batch, {0.9f, 0.5f}, {0.1f, 0.25f}}) == "");
        CHECK(check_gradients(batch, in, {form, 0, {1.f, 1.f}, {0.f, -1.f}}) == "");  // minimax
      }
    }
  }
}

// Logits 0 and ln 3: probabilities 1/2 and 3/4.
TEST_CASE("bce head: a batch worked out by hand") {
  for (const CrossEntropy form : kForms) {
    HostTensors host(2);
    auto a = bce_forward_case(host, 2, 1, {form, 1, {1.f, 0.5f}, {0.f, 0.25f}});
    a.input = {host.vector<double>({0, std::log(3.0)}).data, 2, 1};
    a.weight = host.vector<double>({1});
    a.bias = host.vector<double>({0});
    linear_sigmoid_bce_forward_reference(a);
    CHECK(a.probability.data[0] == 0.5);
    CHECK(std::abs(a.probability.data[1] - 0.75) <= 1e-15);
    // 0.5 * -ln(1/2) + 0.25 * -ln(1 - 3/4)
    CHECK(std::abs(a.statistics.data[kLoss] - (0.5 * std::log(2.0) + 0.25 * std::log(4.0))) <= 1e-15);
    CHECK(a.statistics.data[kMeanReal] == 0.5);
    CHECK(std::abs(a.statistics.data[kMeanGenerated] - 0.75) <= 1e-15);
  }
}

// At equilibrium, D = 1/2 everywhere, the discriminator's loss is ln 2.
TEST_CASE("bce head: the loss at equilibrium is ln 2") {
  for (const CrossEntropy form : kForms) {
    HostTensors host(3);
    auto a = bce_forward_case(host, 64, 7, {form, 32, {1.f, 0.5f / 32}, {0.f, 0.5f / 32}});
    a.weight = host.uniform(7, 0, 0);
    a.bias = host.uniform(1, 0, 0);
    linear_sigmoid_bce_forward_reference(a);
    CHECK(std::abs(a.statistics.data[kLoss] - std::log(2.0)) <= 1e-14);
  }
}

}  // namespace
}  // namespace duel::test

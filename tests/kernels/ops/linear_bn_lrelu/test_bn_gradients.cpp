// The reference of linear_bn_lrelu against central differences of itself.
#include "tests/kernels/ops/linear_bn_lrelu/check_bn.h"
#include "tests/kernels/support/central_differences.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

// A layer whose inputs can be changed, with its loss and its gradients.
struct Layer {
  Layer(HostTensors& host, const LayerSize& size, const BnSettings& settings)
      : input(host.uniform(size.batch, size.in, -1, 1)),
        weight(host.uniform(size.out, size.in, -1, 1)),
        bias(host.uniform(size.out, -1, 1)),
        gamma(host.uniform(size.out, 0.5, 1.5)),
        beta(host.uniform(size.out, -0.5, 0.5)),
        cotangent(host.uniform(size.batch, size.out, -1, 1)),
        forward(bn_forward_case(host, size, settings)),
        backward(bn_backward_case(host, size, true)) {
    forward.input = backward.input = input;
    forward.weight = backward.weight = weight;
    forward.gamma = backward.gamma = gamma;
    forward.bias = bias;
    forward.beta = beta;
    loss();
    backward.normalized = forward.normalized;
    backward.inverse_deviation = forward.inverse_deviation;
    backward.output = forward.output;
    backward.d_output = cotangent;
    linear_bn_lrelu_backward_reference(backward);
  }

  double loss() const {
    linear_bn_lrelu_forward_reference(forward);
    return weighted_sum(cotangent, forward.output);
  }

  std::string check() const {
    const auto l = [this] { return loss(); };
    return check_gradient("input", input, backward.d_input, l) +
           check_gradient("weight", weight, backward.d_weight, l) + check_gradient("bias", bias, backward.d_bias, l) +
           check_gradient("gamma", gamma, backward.d_gamma, l) + check_gradient("beta", beta, backward.d_beta, l);
  }

  Matrix<double> input, weight;
  Vector<double> bias, gamma, beta;
  Matrix<double> cotangent;
  LinearBnLreluForward<double> forward;
  LinearBnLreluBackward<double> backward;
};

constexpr LayerSize kSizes[] = {{1, 1, 1}, {1, 3, 2}, {2, 3, 4}, {33, 1, 2}, {5, 33, 7}, {33, 7, 33}};

TEST_CASE("linear + batch norm: the reference's gradients are the slopes of its forward pass") {
  for (const float eps : {0.8f, 1e-2f}) {
    for (const LayerSize& size : kSizes) {
      INFO(size.text() << ", eps " << eps);
      HostTensors host(8);
      CHECK(Layer(host, size, {.eps = eps}).check() == "");
    }
  }
}

// Two rows and eps 1e-5 make x̂ = ±1 nearly everywhere, with gradients near 0: more rows are needed to see something.
TEST_CASE("linear + batch norm: the gradients hold for PyTorch's eps") {
  HostTensors host(9);
  CHECK(Layer(host, {33, 7, 9}, {.eps = 1e-5f}).check() == "");
}

TEST_CASE("linear + batch norm: the bias before batch norm has no gradient") {
  HostTensors host(10);
  const Layer layer(host, {33, 7, 33}, {});
  for (int out = 0; out < 33; ++out) CHECK(std::abs(layer.backward.d_bias.data[out]) <= 1e-13);
}

TEST_CASE("linear + batch norm: constant columns have the gradients of their linear limit") {
  HostTensors host(11);
  Layer layer(host, {17, 5, 4}, {.eps = 0.8f});
  for (int in = 0; in < 5; ++in) at(layer.weight, 2, in) = 0;
  layer.loss();
  linear_bn_lrelu_backward_reference(layer.backward);
  CHECK(layer.check() == "");
}

}  // namespace
}  // namespace duel::test

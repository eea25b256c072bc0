#include "kernels/ops/linear_sigmoid/cases.h"

#include <limits>

#include "tests/kernels/linear/activated_layer.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

// The head of the 2014 paper's generator, and the same for a small batch.
constexpr LayerSize kRealLayers[] = {{100, 1200, 784}, {32, 1200, 784}};

const ActivatedLayer<Sigmoid> kLayer{linear_sigmoid_forward_op(),      linear_sigmoid_backward_op(),
                                     linear_sigmoid_forward_reference, linear_sigmoid_backward_reference,
                                     linear_sigmoid_forward_bounds,    linear_sigmoid_backward_bounds};

TEST_CASE("linear + sigmoid: sizes around tiles and warps") {
  for (const LayerSize& size : edge_layers()) {
    INFO(size.text());
    CHECK(kLayer.check_both(size) == "");
  }
}

TEST_CASE("linear + sigmoid: the layer of training") {
  for (const LayerSize& size : kRealLayers) {
    INFO(size.text());
    CHECK(kLayer.check_both(size) == "");
  }
}

TEST_CASE("linear + sigmoid: every schedule on every number of threads") {
  CHECK(kLayer.check_both({65, 100, 130}, {.executions = HowMany::all}) == "");
}

TEST_CASE("linear + sigmoid: tensors that begin anywhere, gradients that nobody asks for") {
  for (const LayerSize& size : {LayerSize{64, 100, 128}, LayerSize{33, 65, 31}}) {
    INFO(size.text());
    for (const int misalignment : {1, 2, 3}) CHECK(kLayer.check_both(size, {.misalignment = misalignment}) == "");
    CHECK(kLayer.check_gradients_left_out(size) == "");
  }
}

TEST_CASE("linear + sigmoid: large arguments saturate at 0 and 1, a NaN comes out") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(kLayer.check_large_arguments({1, -1, 10, -10, 19.9, -19.9, 21, -21, 1000, -1000, 1e30, -1e30, 0, nan},
                                     4 * kRounding) == "");
}

// Dark pixels matter: their gradient is y (1 - y), which an error relative to 1 would drown.
TEST_CASE("linear + sigmoid: small values keep their digits") {
  HostTensors host(6);
  LinearSigmoidForward<double> a{};
  a.input = {host.vector<double>({-16, -15, -12, -9, -5, -2}).data, 6, 1};
  a.weight = {host.vector<double>({1}).data, 1, 1};
  a.bias = host.vector<double>({0});
  a.output = host.matrix(6, 1);
  CHECK(check_op<LinearSigmoidForward<double>>(linear_sigmoid_forward_op(), linear_sigmoid_forward_reference, a, {},
                                               [](const LinearSigmoidForward<double>& after) {
                                                 Bounds bounds;
                                                 bounds.set("output", scaled_magnitude(32 * kRounding, after.output));
                                                 return bounds;
                                               }) == "");
}

TEST_CASE("linear + sigmoid: the reference's gradients are the slopes of its forward pass") {
  for (const LayerSize& size : {LayerSize{1, 1, 1}, LayerSize{2, 3, 4}, LayerSize{33, 1, 2}, LayerSize{5, 33, 7}}) {
    INFO(size.text());
    CHECK(kLayer.check_slopes(size) == "");
  }
}

TEST_CASE("linear + sigmoid: wrong arguments are refused by name") {
  CHECK(kLayer.check_refusals() == "");
}

}  // namespace
}  // namespace duel::test

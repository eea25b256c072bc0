#include "kernels/ops/linear_tanh/cases.h"

#include <limits>

#include "tests/kernels/linear/activated_layer.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

// The generator's head, and the same for the last, small batch of an epoch.
constexpr LayerSize kRealLayers[] = {{64, 1024, 784}, {32, 1024, 784}};

const ActivatedLayer<Tanh> kLayer{linear_tanh_forward_op(),      linear_tanh_backward_op(),
                                  linear_tanh_forward_reference, linear_tanh_backward_reference,
                                  linear_tanh_forward_bounds,    linear_tanh_backward_bounds};

TEST_CASE("linear + tanh: sizes around tiles and warps") {
  for (const LayerSize& size : edge_layers()) {
    INFO(size.text());
    CHECK(kLayer.check_both(size) == "");
  }
}

TEST_CASE("linear + tanh: the layer of training") {
  for (const LayerSize& size : kRealLayers) {
    INFO(size.text());
    CHECK(kLayer.check_both(size) == "");
  }
}

TEST_CASE("linear + tanh: every schedule on every number of threads") {
  CHECK(kLayer.check_both({65, 100, 130}, {.executions = HowMany::all}) == "");
}

TEST_CASE("linear + tanh: tensors that begin anywhere, gradients that nobody asks for") {
  for (const LayerSize& size : {LayerSize{64, 100, 128}, LayerSize{33, 65, 31}}) {
    INFO(size.text());
    for (const int misalignment : {1, 2, 3}) CHECK(kLayer.check_both(size, {.misalignment = misalignment}) == "");
    CHECK(kLayer.check_gradients_left_out(size) == "");
  }
}

// With y = 0 the derivative is 1, and what is left are the plain products.
TEST_CASE("linear + tanh: whole numbers give equal bits") {
  for (const LayerSize& size : few_edge_layers()) {
    INFO(size.text());
    HostTensors host(3);
    LinearTanhBackward<double> a{};
    fill_linear_backward_with_integers(a, host, size);
    a.output = host.integers(size.batch, size.out, 0, 0);
    CHECK(check_op<LinearTanhBackward<double>>(linear_tanh_backward_op(), linear_tanh_backward_reference, a, {},
                                               [](const auto&) { return Bounds(); }) == "");
  }
}

TEST_CASE("linear + tanh: large arguments saturate at 1, a NaN comes out") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(kLayer.check_large_arguments({1, -1, 10, -10, 1000, -1000, 1e30, -1e30, 0, nan}, 4 * kRounding) == "");
}

TEST_CASE("linear + tanh: the reference's gradients are the slopes of its forward pass") {
  for (const LayerSize& size : {LayerSize{1, 1, 1}, LayerSize{2, 3, 4}, LayerSize{33, 1, 2}, LayerSize{5, 33, 7}}) {
    INFO(size.text());
    CHECK(kLayer.check_slopes(size) == "");
  }
}

TEST_CASE("linear + tanh: wrong arguments are refused by name") {
  CHECK(kLayer.check_refusals() == "");
}

}  // namespace
}  // namespace duel::test

#include "kernels/ops/linear_lrelu/cases.h"

#include <limits>

#include "kernels/verify/check_op.h"
#include "kernels/verify/linear_cases.h"
#include "tests/kernels/support/central_differences.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

// The generator's first layer, the discriminator's layers on a batch of real and generated images, a last small batch.
constexpr LayerSize kRealLayers[] = {{64, 100, 128}, {32, 100, 128}, {128, 784, 512}, {128, 512, 256}, {64, 784, 512}};

template <template <class> class Arguments, class T>
Arguments<T> with_slope(float slope) {
  Arguments<T> a{};
  a.slope = slope;
  return a;
}

std::string check_forward(const LayerSize& size, const CheckOptions& options = {}, float slope = 0.2f) {
  HostTensors host(options.seed);
  auto a = with_slope<LinearLreluForward, double>(slope);
  fill_linear_forward(a, host, size);
  return check_op<LinearLreluForward<double>>(linear_lrelu_forward_op(), linear_lrelu_forward_reference, a,
                                              with_slope<LinearLreluForward, float>(slope), linear_lrelu_forward_bounds,
                                              options);
}

std::string check_backward(const LayerSize& size, const CheckOptions& options = {}, WantedGradients wanted = {},
                           float slope = 0.2f) {
  HostTensors host(options.seed);
  auto a = with_slope<LinearLreluBackward, double>(slope);
  fill_linear_backward(a, host, size, wanted);
  return check_op<LinearLreluBackward<double>>(linear_lrelu_backward_op(), linear_lrelu_backward_reference, a,
                                               with_slope<LinearLreluBackward, float>(slope),
                                               linear_lrelu_backward_bounds, options);
}

TEST_CASE("linear + leaky relu: sizes around tiles and warps") {
  for (const LayerSize& size : edge_layers()) {
    INFO(size.text());
    CHECK(check_forward(size) == "");
    CHECK(check_backward(size) == "");
  }
}

TEST_CASE("linear + leaky relu: the layers of training") {
  for (const LayerSize& size : kRealLayers) {
    INFO(size.text());
    CHECK(check_forward(size) == "");
    CHECK(check_backward(size) == "");
  }
}

TEST_CASE("linear + leaky relu: every schedule on every number of threads") {
  const CheckOptions options{.executions = HowMany::all};
  CHECK(check_forward({129, 100, 130}, options) == "");
  CHECK(check_backward({129, 100, 130}, options) == "");
}

TEST_CASE("linear + leaky relu: tensors that begin anywhere") {
  for (const int misalignment : {1, 2, 3}) {
    for (const LayerSize& size : {LayerSize{64, 100, 128}, LayerSize{33, 65, 31}}) {
      INFO(size.text() << ", " << misalignment << " elements off");
      CHECK(check_forward(size, {.misalignment = misalignment}) == "");
      CHECK(check_backward(size, {.misalignment = misalignment}) == "");
    }
  }
}

TEST_CASE("linear + leaky relu: gradients that nobody asks for") {
  for (const LayerSize& size : {LayerSize{64, 100, 128}, LayerSize{33, 65, 31}}) {
    INFO(size.text());
    CHECK(check_backward(size, {}, {.d_input = false}) == "");
    CHECK(check_backward(size, {}, {.d_weight_and_bias = false}) == "");
    CHECK(check_backward(size, {}, {.d_input = false, .d_weight_and_bias = false}) == "");
  }
}

TEST_CASE("linear + leaky relu: whole numbers give equal bits") {
  for (const LayerSize& size : few_edge_layers()) {
    INFO(size.text());
    HostTensors host(3);
    auto forward = with_slope<LinearLreluForward, double>(0.25f);
    fill_linear_forward_with_integers(forward, host, size);
    CHECK(check_op<LinearLreluForward<double>>(linear_lrelu_forward_op(), linear_lrelu_forward_reference, forward,
                                               with_slope<LinearLreluForward, float>(0.25f),
                                               [](const auto&) { return Bounds(); }) == "");
    auto backward = with_slope<LinearLreluBackward, double>(0.25f);
    fill_linear_backward_with_integers(backward, host, size);
    CHECK(check_op<LinearLreluBackward<double>>(linear_lrelu_backward_op(), linear_lrelu_backward_reference, backward,
                                                with_slope<LinearLreluBackward, float>(0.25f),
                                                [](const auto&) { return Bounds(); }) == "");
  }
}

TEST_CASE("linear + leaky relu: slope 0 is ReLU") {
  for (const LayerSize& size : few_edge_layers()) {
    INFO(size.text());
    CHECK(check_forward(size, {}, 0.f) == "");
    CHECK(check_backward(size, {}, {}, 0.f) == "");
  }
}

// As torch.nn.ReLU: 0 stays 0, and its gradient is 0.
TEST_CASE("linear + leaky relu: ReLU at exactly 0") {
  HostTensors host(6);
  auto forward = with_slope<LinearLreluForward, double>(0.f);
  forward.input = host.integers(3, 2, 0, 0);
  forward.weight = host.integers(4, 2, 1, 1);
  forward.bias = host.vector<double>({0, 1, -1, 0});
  forward.output = host.matrix(3, 4);
  CHECK(check_op<LinearLreluForward<double>>(linear_lrelu_forward_op(), linear_lrelu_forward_reference, forward,
                                             with_slope<LinearLreluForward, float>(0.f),
                                             [](const auto&) { return Bounds(); }) == "");
  auto backward = with_slope<LinearLreluBackward, double>(0.f);
  fill_linear_backward(backward, host, {3, 2, 4});
  backward.output = forward.output;
  CHECK(check_op<LinearLreluBackward<double>>(linear_lrelu_backward_op(), linear_lrelu_backward_reference, backward,
                                              with_slope<LinearLreluBackward, float>(0.f),
                                              linear_lrelu_backward_bounds) == "");
  for (int row = 0; row < 3; ++row) {
    for (const int column : {0, 2, 3}) CHECK(at(backward.d_linear, row, column) == 0);
    CHECK(at(backward.d_linear, row, 1) == at(backward.d_output, row, 1));
  }
}

TEST_CASE("linear + leaky relu: a NaN comes out where it must and nowhere else") {
  HostTensors host(4);
  auto a = with_slope<LinearLreluForward, double>(0.2f);
  fill_linear_forward(a, host, {65, 33, 40});
  HostTensors nan_host(4);
  auto poisoned = a;
  const auto nan_row = nan_host.uniform(65, 33, -1, 1);
  at(nan_row, 17, 32) = std::numeric_limits<double>::quiet_NaN();
  poisoned.input = nan_row;
  CHECK(check_op<LinearLreluForward<double>>(linear_lrelu_forward_op(), linear_lrelu_forward_reference, poisoned,
                                             with_slope<LinearLreluForward, float>(0.2f),
                                             [&](const auto&) { return linear_lrelu_forward_bounds(a); }) == "");
}

TEST_CASE("linear + leaky relu: the reference's gradients are the slopes of its forward pass") {
  for (const LayerSize& size : {LayerSize{1, 1, 1}, LayerSize{2, 3, 4}, LayerSize{33, 1, 2}, LayerSize{5, 33, 7}}) {
    INFO(size.text());
    HostTensors host(5);
    auto forward = with_slope<LinearLreluForward, double>(0.2f);
    const auto input = host.uniform(size.batch, size.in, -1, 1), weight = host.uniform(size.out, size.in, -1, 1);
    const auto bias = host.uniform(size.out, -1, 1);
    const auto cotangent = host.uniform(size.batch, size.out, -1, 1);
    forward.input = input, forward.weight = weight, forward.bias = bias;
    forward.output = host.matrix(size.batch, size.out);
    const auto loss = [&] {
      linear_lrelu_forward_reference(forward);
      return weighted_sum(cotangent, forward.output);
    };
    loss();
    auto backward = with_slope<LinearLreluBackward, double>(0.2f);
    backward.input = input, backward.weight = weight, backward.output = forward.output, backward.d_output = cotangent;
    add_linear_gradients(backward, host, size, {});
    linear_lrelu_backward_reference(backward);
    CHECK(check_gradient("input", input, backward.d_input, loss) == "");
    CHECK(check_gradient("weight", weight, backward.d_weight, loss) == "");
    CHECK(check_gradient("bias", bias, backward.d_bias, loss) == "");
  }
}

TEST_CASE("linear + leaky relu: wrong arguments are refused by name") {
  auto forward = with_slope<LinearLreluForward, float>(0.2f);
  forward.input = shape<const float>(4, 3), forward.weight = shape<const float>(5, 3);
  forward.bias = shape<const float>(5), forward.output = shape<float>(4, 5);
  CHECK(check_shapes(linear_lrelu_forward_op(), forward, {.defining = {"input", "weight"}}) == "");

  auto backward = with_slope<LinearLreluBackward, float>(0.2f);
  backward.input = shape<const float>(4, 3), backward.weight = shape<const float>(5, 3);
  backward.output = shape<const float>(4, 5), backward.d_output = shape<const float>(4, 5);
  backward.d_linear = shape<float>(4, 5), backward.d_input = shape<float>(4, 3);
  backward.d_weight = shape<float>(5, 3), backward.d_bias = shape<float>(5);
  CHECK(check_shapes(linear_lrelu_backward_op(), backward,
                     {.defining = {"input", "weight"}, .optional = {"d_input"}}) == "");
  for (const float slope : {-0.2f, std::numeric_limits<float>::quiet_NaN()}) {
    backward.slope = slope;
    CHECK(check_refusal(linear_lrelu_backward_op(), backward, "slope") == "");
  }
}

}  // namespace
}  // namespace duel::test

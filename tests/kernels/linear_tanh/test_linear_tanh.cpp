#include "kernels/linear_tanh/cases.h"

#include <limits>

#include "kernels/verify/check_op.h"
#include "kernels/verify/linear_cases.h"
#include "tests/kernels/support/central_differences.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

// The generator's head, and the same for the last, small batch of an epoch.
constexpr LayerSize kRealLayers[] = {{64, 1024, 784}, {32, 1024, 784}};

std::string check_forward(const LinearTanhForward<double>& a, const CheckOptions& options = {}) {
  return check_op<LinearTanhForward<double>>(linear_tanh_forward_op(), linear_tanh_forward_reference, a, {},
                                             linear_tanh_forward_bounds, options);
}

std::string check_forward(const LayerSize& size, const CheckOptions& options = {}) {
  HostTensors host(options.seed);
  LinearTanhForward<double> a{};
  fill_linear_forward(a, host, size);
  return check_forward(a, options);
}

std::string check_backward(const LayerSize& size, const CheckOptions& options = {}, WantedGradients wanted = {}) {
  HostTensors host(options.seed);
  LinearTanhBackward<double> a{};
  fill_linear_backward(a, host, size, wanted);
  return check_op<LinearTanhBackward<double>>(linear_tanh_backward_op(), linear_tanh_backward_reference, a, {},
                                              linear_tanh_backward_bounds, options);
}

TEST_CASE("linear + tanh: sizes around tiles and warps") {
  for (const LayerSize& size : edge_layers()) {
    INFO(size.text());
    CHECK(check_forward(size) == "");
    CHECK(check_backward(size) == "");
  }
}

TEST_CASE("linear + tanh: the layer of training") {
  for (const LayerSize& size : kRealLayers) {
    INFO(size.text());
    CHECK(check_forward(size) == "");
    CHECK(check_backward(size) == "");
  }
}

TEST_CASE("linear + tanh: every schedule on every number of threads") {
  const CheckOptions options{.executions = HowMany::all};
  CHECK(check_forward({65, 100, 130}, options) == "");
  CHECK(check_backward({65, 100, 130}, options) == "");
}

TEST_CASE("linear + tanh: tensors that begin anywhere") {
  for (const int misalignment : {1, 2, 3}) {
    for (const LayerSize& size : {LayerSize{64, 100, 128}, LayerSize{33, 65, 31}}) {
      INFO(size.text() << ", " << misalignment << " elements off");
      CHECK(check_forward(size, {.misalignment = misalignment}) == "");
      CHECK(check_backward(size, {.misalignment = misalignment}) == "");
    }
  }
}

TEST_CASE("linear + tanh: gradients that nobody asks for") {
  for (const LayerSize& size : {LayerSize{64, 100, 128}, LayerSize{33, 65, 31}}) {
    INFO(size.text());
    CHECK(check_backward(size, {}, {.d_input = false}) == "");
    CHECK(check_backward(size, {}, {.d_weight_and_bias = false}) == "");
    CHECK(check_backward(size, {}, {.d_input = false, .d_weight_and_bias = false}) == "");
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
  HostTensors host(4);
  LinearTanhForward<double> a{};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  a.input = {host.vector<double>({1, -1, 10, -10, 1000, -1000, 1e30, -1e30, 0, nan}).data, 10, 1};
  a.weight = {host.vector<double>({1, 100, 0.125}).data, 3, 1};
  a.bias = host.vector<double>({0, 0, 0});
  a.output = host.matrix(10, 3);
  CHECK(check_op<LinearTanhForward<double>>(linear_tanh_forward_op(), linear_tanh_forward_reference, a, {},
                                            [](const LinearTanhForward<double>& b) {
                                              Bounds bounds;
                                              bounds.set("output", std::vector(b.output.size(), 4 * kRounding));
                                              return bounds;
                                            }) == "");
}

TEST_CASE("linear + tanh: the reference's gradients are the slopes of its forward pass") {
  for (const LayerSize& size : {LayerSize{1, 1, 1}, LayerSize{2, 3, 4}, LayerSize{33, 1, 2}, LayerSize{5, 33, 7}}) {
    INFO(size.text());
    HostTensors host(5);
    const auto input = host.uniform(size.batch, size.in, -1, 1), weight = host.uniform(size.out, size.in, -1, 1);
    const auto bias = host.uniform(size.out, -1, 1);
    const auto cotangent = host.uniform(size.batch, size.out, -1, 1);
    const LinearTanhForward<double> forward{input, weight, bias, host.matrix(size.batch, size.out)};
    const auto loss = [&] {
      linear_tanh_forward_reference(forward);
      return weighted_sum(cotangent, forward.output);
    };
    loss();
    LinearTanhBackward<double> backward{};
    backward.input = input, backward.weight = weight, backward.output = forward.output, backward.d_output = cotangent;
    add_linear_gradients(backward, host, size, {});
    linear_tanh_backward_reference(backward);
    CHECK(check_gradient("input", input, backward.d_input, loss) == "");
    CHECK(check_gradient("weight", weight, backward.d_weight, loss) == "");
    CHECK(check_gradient("bias", bias, backward.d_bias, loss) == "");
  }
}

TEST_CASE("linear + tanh: wrong arguments are refused by name") {
  LinearTanhForward<float> forward{};
  forward.input = shape<const float>(4, 3), forward.weight = shape<const float>(5, 3);
  forward.bias = shape<const float>(5), forward.output = shape<float>(4, 5);
  CHECK(check_shapes(linear_tanh_forward_op(), forward, {.defining = {"input", "weight"}}) == "");

  LinearTanhBackward<float> backward{};
  backward.input = shape<const float>(4, 3), backward.weight = shape<const float>(5, 3);
  backward.output = shape<const float>(4, 5), backward.d_output = shape<const float>(4, 5);
  backward.d_linear = shape<float>(4, 5), backward.d_input = shape<float>(4, 3);
  backward.d_weight = shape<float>(5, 3), backward.d_bias = shape<float>(5);
  CHECK(check_shapes(linear_tanh_backward_op(), backward, {.defining = {"input", "weight"}, .optional = {"d_input"}}) ==
        "");
}

}  // namespace
}  // namespace duel::test

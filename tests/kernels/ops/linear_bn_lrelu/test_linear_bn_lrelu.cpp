#include "kernels/ops/linear_bn_lrelu/linear_bn_lrelu.h"

#include "tests/kernels/ops/linear_bn_lrelu/check_bn.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

// The generator's middle layers, and the same for the last, small batch of an epoch.
constexpr LayerSize kRealLayers[] = {{64, 128, 256}, {64, 256, 512}, {64, 512, 1024}, {32, 128, 256}, {32, 512, 1024}};

// The two eps in use: the published script's, and PyTorch's default.
constexpr float kEps[] = {0.8f, 1e-5f};

std::string check_forward(const LayerSize& size, const BnSettings& settings = {}, const CheckOptions& options = {}) {
  HostTensors host(options.seed);
  return check_bn_forward(bn_forward_case(host, size, settings), settings, options);
}
std::string check_backward(const LayerSize& size, const CheckOptions& options = {}, bool with_d_input = true) {
  HostTensors host(options.seed);
  return check_bn_backward(bn_backward_case(host, size, with_d_input), options);
}

TEST_CASE("linear + batch norm: sizes around tiles and warps") {
  int number = 0;
  for (const LayerSize& size : edge_layers()) {
    INFO(size.text());
    CHECK(check_forward(size, {.eps = kEps[++number % 2]}) == "");
    CHECK(check_backward(size) == "");
  }
}

TEST_CASE("linear + batch norm: the layers of training") {
  for (const LayerSize& size : kRealLayers) {
    INFO(size.text());
    CHECK(check_forward(size) == "");
    CHECK(check_backward(size) == "");
  }
}

TEST_CASE("linear + batch norm: slope 0 is ReLU") {
  for (const LayerSize& size : few_edge_layers()) {
    INFO(size.text());
    CHECK(check_forward(size, {.slope = 0}) == "");
    HostTensors host(1);
    auto backward = bn_backward_case(host, size, true);
    backward.slope = 0;
    CHECK(check_bn_backward(backward) == "");
  }
}

TEST_CASE("linear + batch norm: every schedule on every number of threads") {
  const CheckOptions options{.executions = HowMany::all};
  CHECK(check_forward({129, 100, 130}, {}, options) == "");
  CHECK(check_backward({129, 100, 130}, options) == "");
}

TEST_CASE("linear + batch norm: tensors that begin anywhere") {
  for (const int misalignment : {1, 2, 3}) {
    for (const LayerSize& size : {LayerSize{64, 100, 128}, LayerSize{33, 65, 31}}) {
      INFO(size.text() << ", " << misalignment << " elements off");
      CHECK(check_forward(size, {}, {.misalignment = misalignment}) == "");
      CHECK(check_forward(size, {.statistics = BatchStatistics::running}, {.misalignment = misalignment}) == "");
      CHECK(check_backward(size, {.misalignment = misalignment}) == "");
    }
  }
}

TEST_CASE("linear + batch norm: the input's gradient can be left out") {
  CHECK(check_backward({64, 100, 128}, {}, false) == "");
  CHECK(check_backward({33, 65, 31}, {}, false) == "");
}

TEST_CASE("linear + batch norm: running statistics normalise and stay as they are") {
  for (const float eps : kEps) {
    for (const LayerSize& size : few_edge_layers()) {
      INFO(size.text() << ", eps " << eps);
      CHECK(check_forward(size, {.eps = eps, .statistics = BatchStatistics::running}) == "");
    }
  }
}

TEST_CASE("linear + batch norm: the share of the batch in the running averages") {
  for (const float momentum : {0.f, 0.1f, 1.f}) {
    INFO("momentum " << momentum);
    CHECK(check_forward({33, 20, 40}, {.momentum = momentum}) == "");
  }
}

TEST_CASE("linear + batch norm: without momentum the running averages keep their bits") {
  HostTensors host(2);
  const BnSettings settings{.momentum = 0.f};
  const auto a = bn_forward_case(host, {33, 20, 40}, settings);
  CHECK(check_op<LinearBnLreluForward<double>>(linear_bn_lrelu_forward_op(), linear_bn_lrelu_forward_reference, a,
                                               bn_forward_scalars<float>(settings),
                                               [](const LinearBnLreluForward<double>& b) {
                                                 Bounds bounds = bn_forward_bounds(b);
                                                 bounds.set_untouched("running_mean");
                                                 bounds.set_untouched("running_variance");
                                                 return bounds;
                                               }) == "");
}

TEST_CASE("linear + batch norm: a single row is its own mean, without variance") {
  for (const float eps : kEps) {
    HostTensors host(3);
    const BnSettings settings{.eps = eps};
    auto a = bn_forward_case(host, {1, 40, 70}, settings);
    CHECK(check_bn_forward(a, settings) == "");
    const double variance_before = a.running_variance.data[5];
    linear_bn_lrelu_forward_reference(a);
    CHECK(a.normalized.data[5] == 0);
    const double kept = (1 - static_cast<double>(settings.momentum)) * variance_before;
    CHECK(std::abs(a.running_variance.data[5] - kept) <= 1e-15);
  }
}

TEST_CASE("linear + batch norm: constant columns") {
  for (const float eps : kEps) {
    HostTensors host(4);
    const BnSettings settings{.eps = eps};
    const LayerSize size{64, 33, 70};
    auto a = bn_forward_case(host, size, settings);
    const auto weight = host.uniform(size.out, size.in, -1, 1);
    for (int in = 0; in < size.in; ++in) at(weight, 3, in) = at(weight, 69, in) = 0;
    a.weight = weight;
    CHECK(check_bn_forward(a, settings) == "");
    a.input = host.integers(size.batch, size.in, 1, 1);  // now all columns are
    CHECK(check_bn_forward(a, settings) == "");
    linear_bn_lrelu_forward_reference(a);
    CHECK(std::abs(a.inverse_deviation.data[3] - 1 / std::sqrt(a.eps)) <= 1e-12);
  }
}

TEST_CASE("linear + batch norm: a mean far larger than the deviation costs few digits") {
  // One pass over a and a² would lose all of the variance: its terms are near 1e6, the variance near 0.3.
  HostTensors host(5);
  const BnSettings settings{.eps = 1e-5f};
  auto a = bn_forward_case(host, {64, 1, 33}, settings);
  a.weight = host.integers(33, 1, 1, 1);
  a.bias = host.uniform(33, 1000, 1000);
  CHECK(check_bn_forward(a, settings) == "");
}

TEST_CASE("linear + batch norm: gamma 0 leaves beta, and no gradient for what lies before") {
  HostTensors host(6);
  const LayerSize size{33, 20, 40};
  auto forward = bn_forward_case(host, size, {});
  forward.gamma = host.uniform(size.out, 0, 0);
  CHECK(check_bn_forward(forward, {}) == "");
  linear_bn_lrelu_forward_reference(forward);
  for (int out = 0; out < size.out; ++out) {
    const double beta = forward.beta.data[out];
    CHECK(at(forward.output, 7, out) == (beta > 0 ? beta : forward.slope * beta));
  }
  auto backward = bn_backward_case(host, size, true);
  backward.gamma = host.uniform(size.out, 0, 0);
  CHECK(check_bn_backward(backward) == "");
  linear_bn_lrelu_backward_reference(backward);
  CHECK(backward.d_linear.data[3] == 0);
  CHECK(backward.d_gamma.data[3] != 0);
}

TEST_CASE("linear + batch norm: a NaN spoils its column and no other") {
  HostTensors host(7);
  const BnSettings settings{};
  auto a = bn_forward_case(host, {65, 33, 70}, settings);
  const auto weight = host.uniform(70, 33, -1, 1);
  at(weight, 40, 5) = std::numeric_limits<double>::quiet_NaN();
  a.weight = weight;
  CHECK(check_bn_forward(a, settings) == "");
  linear_bn_lrelu_forward_reference(a);
  CHECK(std::isnan(at(a.output, 0, 40)));
  CHECK(std::isfinite(at(a.output, 0, 41)));
}

TEST_CASE("linear + batch norm: wrong arguments are refused by name") {
  auto forward = bn_forward_scalars<float>({});
  forward.input = shape<const float>(4, 3), forward.weight = shape<const float>(5, 3);
  forward.bias = forward.gamma = forward.beta = shape<const float>(5);
  forward.running_mean = forward.running_variance = forward.inverse_deviation = shape<float>(5);
  forward.normalized = forward.output = shape<float>(4, 5);
  const auto& op = linear_bn_lrelu_forward_op();
  CHECK(check_shapes(op, forward, {.defining = {"input", "weight"}}) == "");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto refuses = [&](auto member, float value, const char* name) {
    auto wrong = forward;
    wrong.*member = value;
    return check_refusal(op, wrong, name);
  };
  using Forward = LinearBnLreluForward<float>;
  for (const float eps : {0.f, -1.f, nan}) CHECK(refuses(&Forward::eps, eps, "eps") == "");
  for (const float momentum : {-0.1f, 1.1f, nan}) CHECK(refuses(&Forward::momentum, momentum, "momentum") == "");

  auto backward = bn_backward_scalars<float>({});
  backward.input = shape<const float>(4, 3), backward.weight = shape<const float>(5, 3);
  backward.gamma = backward.inverse_deviation = shape<const float>(5);
  backward.normalized = backward.output = backward.d_output = shape<const float>(4, 5);
  backward.d_linear = shape<float>(4, 5), backward.d_input = shape<float>(4, 3), backward.d_weight = shape<float>(5, 3);
  backward.d_bias = backward.d_gamma = backward.d_beta = shape<float>(5);
  CHECK(check_shapes(linear_bn_lrelu_backward_op(), backward,
                     {.defining = {"input", "weight"}, .optional = {"d_input"}}) == "");
  for (const float slope : {-0.2f, nan}) {
    backward.slope = slope;
    CHECK(check_refusal(linear_bn_lrelu_backward_op(), backward, "slope") == "");
  }
}

}  // namespace
}  // namespace duel::test

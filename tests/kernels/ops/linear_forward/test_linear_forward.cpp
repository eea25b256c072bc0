// What a layer's ops make of values that the lab's cases do not draw: whole numbers, zeros, saturation, NaN.
#include <cmath>
#include <limits>

#include "kernels/ops/input_gradient/cases.h"
#include "kernels/ops/linear_forward/cases.h"
#include "kernels/ops/weight_gradient/cases.h"
#include "kernels/reference.h"
#include "kernels/verify/check_op.h"
#include "kernels/verify/sizes.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
// The two eps in use: the published script's, and PyTorch's default.
constexpr float kEps[] = {0.8f, 1e-5f};

LinearForward<float> scalars_of(const LinearForward<double>& a) {
  LinearForward<float> scalars{};
  scalars.activation = a.activation;
  scalars.slope = static_cast<float>(a.slope);
  scalars.eps = static_cast<float>(a.eps);
  scalars.momentum = static_cast<float>(a.momentum);
  scalars.statistics = a.statistics;
  return scalars;
}

std::string check_forward(const LinearForward<double>& a) {
  return check_op<LinearForward<double>>(linear_forward_op(), linear_forward_reference, a, scalars_of(a),
                                         [](const LinearForward<double>& after, Precision precision) {
                                           return linear_forward_cases().bounds_for(precision, after, after);
                                         });
}

/// The same bits as the reference, by all variants of full precision.
template <class Arguments, class Scalars>
std::string check_bits(const Op<Scalars>& op, void (*reference)(const Arguments&), const Arguments& a,
                       const Scalars& scalars) {
  Op<Scalars> full = op;
  std::vector<Variant<Scalars>> variants;
  for (const auto& variant : op.variants) {
    if (variant.precision == Precision::fp32) variants.push_back(variant);
  }
  full.variants = variants;
  return check_op<Arguments>(full, reference, a, scalars, [](const Arguments&) { return Bounds(); });
}

LinearForward<double> layer(HostTensors& host, const LayerSize& size, double slope = 0.2f) {
  LinearForward<double> a{};
  a.slope = slope;
  a.input = host.uniform(size.in, size.batch, -1, 1);
  a.weight = host.uniform(size.out, size.in, -1, 1);
  a.bias = host.uniform(size.out, -1, 1);
  a.output = host.matrix(size.out, size.batch);
  return a;
}

LinearForward<double> norm_layer(HostTensors& host, const LayerSize& size, float eps) {
  LinearForward<double> a = layer(host, size);
  a.eps = eps;
  a.momentum = 0.1f;
  a.gamma = host.uniform(size.out, -1.5, 1.5);
  a.beta = host.uniform(size.out, -0.5, 0.5);
  a.running_mean = host.uniform(size.out, -1, 1);
  a.running_variance = host.uniform(size.out, 0.5, 2);
  a.normalized = host.matrix(size.out, size.batch);
  a.inverse_deviation = host.vector(size.out);
  return a;
}

/// One input of weight 1: the arguments of the activation are the samples.
LinearForward<double> of_arguments(HostTensors& host, const std::vector<double>& arguments, Activation activation) {
  const int batch = static_cast<int>(arguments.size());
  LinearForward<double> a{};
  a.activation = activation;
  a.input = {host.vector(arguments).data, 1, batch};
  a.weight = host.integers(1, 1, 1, 1);
  a.bias = host.vector<double>({0});
  a.output = host.matrix(1, batch);
  return a;
}

// Sums of products of small whole numbers are exact in float, in any order.
TEST_CASE("layers: whole numbers give equal bits") {
  for (const LayerSize& size : edge_layers()) {
    INFO(size.text());
    HostTensors host(3);
    LinearForward<double> forward{};
    forward.slope = 0.25;
    forward.input = host.integers(size.in, size.batch, -4, 4);
    forward.weight = host.integers(size.out, size.in, -4, 4);
    forward.bias = host.integers(size.out, -4, 4);
    forward.output = host.matrix(size.out, size.batch);
    CHECK(check_bits(linear_forward_op(), linear_forward_reference, forward, scalars_of(forward)) == "");

    InputGradient<double> gradient{};
    gradient.slope = 0.25;
    gradient.weight = forward.weight;
    gradient.d_linear = host.integers(size.out, size.batch, -4, 4);
    gradient.output = host.integers(size.in, size.batch, -1, 1);
    gradient.d_below = host.matrix(size.in, size.batch);
    InputGradient<float> scalars{};
    scalars.slope = 0.25f;
    CHECK(check_bits(input_gradient_op(), input_gradient_reference, gradient, scalars) == "");

    WeightGradient<double> update{};
    update.d_linear = gradient.d_linear;
    update.input = forward.input;
    update.weight.gradient = host.matrix(size.out, size.in);
    update.bias.gradient = host.vector(size.out);
    CHECK(check_bits(weight_gradient_op(), weight_gradient_reference, update, {}) == "");
  }
}

// As torch.nn.ReLU: 0 stays 0, and its gradient is 0.
TEST_CASE("layers: ReLU at exactly 0") {
  HostTensors host(6);
  LinearForward<double> a{};
  a.input = host.integers(2, 3, 0, 0);
  a.weight = host.integers(4, 2, 1, 1);
  a.bias = host.vector<double>({0, 1, -1, 0});
  a.output = host.matrix(4, 3);
  a.head_weight = host.vector<double>({3, 3, 3, 3});
  a.unit_gradient = host.matrix(4, 3);
  CHECK(check_bits(linear_forward_op(), linear_forward_reference, a, scalars_of(a)) == "");
  linear_forward_reference(a);
  for (int sample = 0; sample < 3; ++sample) {
    for (const int feature : {0, 2, 3}) CHECK(at(a.unit_gradient, feature, sample) == 0);
    CHECK(at(a.unit_gradient, 1, sample) == 3);
  }
}

TEST_CASE("layers: a NaN comes out where it must and nowhere else") {
  HostTensors host(4);
  LinearForward<double> a = layer(host, {65, 33, 40});
  const auto input = host.uniform(33, 65, -1, 1);
  a.input = input;
  at(input, 32, 17) = kNan;
  CHECK(check_forward(a) == "");
  linear_forward_reference(a);
  CHECK(std::isnan(at(a.output, 0, 17)));
  CHECK(std::isfinite(at(a.output, 0, 16)));
}

TEST_CASE("layers: large arguments saturate, a NaN comes out") {
  const std::vector<double> arguments{1,   -1,   10,   -10,   19.9, -19.9, 21, -21,
                                      100, -100, 1000, -1000, 1e30, -1e30, 0,  kNan};
  for (const Activation activation : {Activation::tanh, Activation::sigmoid}) {
    HostTensors host(4);
    const auto a = of_arguments(host, arguments, activation);
    CHECK(check_op<LinearForward<double>>(linear_forward_op(), linear_forward_reference, a, scalars_of(a),
                                          [](const LinearForward<double>& after, Precision precision) {
                                            Bounds bounds = linear_forward_cases().bounds_for(precision, after, after);
                                            if (precision == Precision::fp32) {
                                              bounds.set("output", std::vector(after.output.size(), 4 * kRounding));
                                            }
                                            return bounds;
                                          }) == "");
  }
}

// Dark pixels matter: their gradient is y (1 - y), which an error relative to 1 would drown.
TEST_CASE("layers: small values of the sigmoid keep their digits") {
  HostTensors host(6);
  const auto a = of_arguments(host, {-16, -15, -12, -9, -5, -2}, Activation::sigmoid);
  CHECK(check_op<LinearForward<double>>(linear_forward_op(), linear_forward_reference, a, scalars_of(a),
                                        [](const LinearForward<double>& after) {
                                          Bounds bounds;
                                          bounds.set("output", scaled_magnitude(32 * kRounding, after.output));
                                          return bounds;
                                        }) == "");
}

TEST_CASE("batch norm: a single sample is its own mean, without variance") {
  for (const float eps : kEps) {
    HostTensors host(3);
    LinearForward<double> a = norm_layer(host, {1, 40, 70}, eps);
    CHECK(check_forward(a) == "");
    const double before = a.running_variance.data[5];
    linear_forward_reference(a);
    CHECK(a.normalized.data[5] == 0);
    CHECK(std::abs(a.running_variance.data[5] - (1 - a.momentum) * before) <= 1e-15);
  }
}

TEST_CASE("batch norm: constant features") {
  for (const float eps : kEps) {
    HostTensors host(4);
    LinearForward<double> a = norm_layer(host, {64, 33, 70}, eps);
    const auto weight = host.uniform(70, 33, -1, 1);
    for (int in = 0; in < 33; ++in) at(weight, 3, in) = at(weight, 69, in) = 0;
    a.weight = weight;
    CHECK(check_forward(a) == "");
    a.input = host.integers(33, 64, 1, 1);  // of all features
    CHECK(check_forward(a) == "");
    linear_forward_reference(a);
    CHECK(std::abs(a.inverse_deviation.data[3] - 1 / std::sqrt(a.eps)) <= 1e-12);
  }
}

TEST_CASE("batch norm: a mean far larger than the deviation costs few digits") {
  // One pass over a and a² would lose all of the variance: its terms are near 1e6, the variance near 0.3.
  HostTensors host(5);
  LinearForward<double> a = norm_layer(host, {64, 1, 33}, 1e-5f);
  a.weight = host.integers(33, 1, 1, 1);
  a.bias = host.uniform(33, 1000, 1000);
  CHECK(check_forward(a) == "");
}

TEST_CASE("batch norm: gamma 0 leaves beta") {
  HostTensors host(6);
  LinearForward<double> a = norm_layer(host, {33, 20, 40}, 0.8f);
  a.gamma = host.uniform(40, 0, 0);
  CHECK(check_forward(a) == "");
  linear_forward_reference(a);
  for (int out = 0; out < 40; ++out) {
    const double beta = a.beta.data[out];
    CHECK(at(a.output, out, 7) == (beta > 0 ? beta : a.slope * beta));
  }
}

TEST_CASE("batch norm: a NaN spoils its feature and no other") {
  HostTensors host(7);
  LinearForward<double> a = norm_layer(host, {65, 33, 70}, 0.8f);
  const auto weight = host.uniform(70, 33, -1, 1);
  at(weight, 40, 5) = kNan;
  a.weight = weight;
  CHECK(check_forward(a) == "");
  linear_forward_reference(a);
  CHECK(std::isnan(at(a.output, 40, 0)));
  CHECK(std::isfinite(at(a.output, 41, 0)));
}

}  // namespace
}  // namespace duel::test

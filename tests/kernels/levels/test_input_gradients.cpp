// The references of input_gradient and weight_gradient against central differences of linear_forward's reference.
#include "kernels/levels/bounds.h"
#include "kernels/ops/flat_update/cases.h"
#include "kernels/ops/input_gradient/input_gradient.h"
#include "kernels/ops/linear_forward/linear_forward.h"
#include "kernels/ops/weight_gradient/weight_gradient.h"
#include "tests/kernels/support/central_differences.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

constexpr int kBatch = 7, kIn = 5, kMiddle = 6, kOut = 4;

// Two layers: x -> f(W1 x + b1) -> W2 y + b2, the loss a weighted sum of the latter times a factor of each sample.
struct Network {
  explicit Network(Activation activation, bool batch_norm = false, double slope = 0.2)
      : input(host.uniform(kIn, kBatch, -1, 1)),
        weight(host.uniform(kMiddle, kIn, -1, 1)),
        bias(host.uniform(kMiddle, -1, 1)),
        above(host.uniform(kOut, kMiddle, -1, 1)),
        cotangent(host.uniform(kOut, kBatch, -1, 1)),
        factor(host.uniform(kBatch, 0.5, 2)) {
    forward.input = input, forward.weight = weight, forward.bias = bias;
    forward.activation = activation, forward.slope = slope;
    forward.output = host.matrix(kMiddle, kBatch);
    if (!batch_norm) return;
    gamma = host.uniform(kMiddle, 0.5, 1.5), beta = host.uniform(kMiddle, -0.5, 0.5);
    forward.gamma = gamma, forward.beta = beta, forward.eps = 0.3, forward.momentum = 0.1;
    forward.running_mean = host.uniform(kMiddle, -1, 1), forward.running_variance = host.uniform(kMiddle, 0.5, 1);
    forward.normalized = host.matrix(kMiddle, kBatch), forward.inverse_deviation = host.vector(kMiddle);
  }

  double loss() const {
    linear_forward_reference(forward);
    double sum = 0;
    for (int o = 0; o < kOut; ++o) {
      for (int s = 0; s < kBatch; ++s) {
        double y = 0;
        for (int i = 0; i < kMiddle; ++i) y += at(above, o, i) * at(forward.output, i, s);
        sum += at(cotangent, o, s) * factor.data[s] * y;
      }
    }
    return sum;
  }

  // Adam does not move what it updates: gradients can be compared afterwards.
  TrainedParameter<double, 1> still(int size) {
    return {host.uniform(size, 1, 1), {host.uniform(size, 0, 0), host.uniform(size, 0, 0)}, host.vector(size)};
  }
  ParameterOptimizer adam() { return {{}, host.vector<OptimizerProgress>({{1, {0.0, 1.0}}})}; }

  HostTensors host{12};
  Matrix<double> input, weight;
  Vector<double> bias;
  Matrix<double> above, cotangent;
  Vector<double> factor, gamma, beta;
  LinearForward<double> forward{};
};

void check_layer(Activation activation, bool batch_norm = false, double slope = 0.2) {
  Network network(activation, batch_norm, slope);
  const auto loss = [&] { return network.loss(); };
  loss();
  InputGradient<double> a{};
  a.weight = network.above, a.d_linear = network.cotangent, a.factor = network.factor;
  a.below = activation, a.slope = slope, a.output = network.forward.output;
  a.d_below = network.host.matrix(kMiddle, kBatch);
  if (batch_norm) {
    a.normalized = network.forward.normalized, a.inverse_deviation = network.forward.inverse_deviation;
    a.gamma = network.still(kMiddle), a.beta = network.still(kMiddle), a.optimizer = network.adam();
    for (int i = 0; i < kMiddle; ++i) a.gamma.value.data[i] = network.gamma.data[i];
  }
  input_gradient_reference(a);
  WeightGradient<double> update{};
  update.d_linear = a.d_below, update.input = network.input, update.optimizer = network.adam();
  const auto matrix = [&](double x) { return network.host.uniform(kMiddle, kIn, x, x); };
  update.weight = {matrix(1), {matrix(0), matrix(0)}, network.host.matrix(kMiddle, kIn)};
  update.bias = network.still(kMiddle);
  weight_gradient_reference(update);
  CHECK(check_gradient("weight", network.weight, update.weight.gradient, loss) == "");
  CHECK(check_gradient("bias", network.bias, update.bias.gradient, loss) == "");
  if (!batch_norm) return;
  CHECK(check_gradient("gamma", network.gamma, a.gamma.gradient, loss) == "");
  CHECK(check_gradient("beta", network.beta, a.beta.gradient, loss) == "");
}

TEST_CASE("input gradients: the references are the slopes of the forward reference") {
  SECTION("LeakyReLU") {
    check_layer(Activation::leaky_relu);
  }
  SECTION("batch norm and LeakyReLU") {
    check_layer(Activation::leaky_relu, true);
  }
  SECTION("tanh") {
    check_layer(Activation::tanh);
  }
  SECTION("sigmoid") {
    check_layer(Activation::sigmoid);
  }
  SECTION("ReLU") {
    check_layer(Activation::leaky_relu, false, 0);
  }
}

// The gradient of a sample's logit with respect to W x + b needs no loss: d(w y) / da.
TEST_CASE("linear forward: the unit gradient under a head is the slope of the logit") {
  Network network(Activation::leaky_relu);
  const auto head = network.host.uniform(kMiddle, -1, 1);
  network.forward.head_weight = head;
  network.forward.unit_gradient = network.host.matrix(kMiddle, kBatch);
  const auto loss = [&] {
    linear_forward_reference(network.forward);
    double sum = 0;
    for (int i = 0; i < kMiddle; ++i) sum += head.data[i] * at(network.forward.output, i, 3);
    return sum;
  };
  loss();
  std::vector<double> slopes;
  for (int i = 0; i < kMiddle; ++i) slopes.push_back(at(network.forward.unit_gradient, i, 3));
  CHECK(check_gradient("bias", network.bias, Vector<double>{slopes.data(), kMiddle}, loss) == "");
}

// What a parameter's update computes is the optimizer's own reference on the same gradient, within the same limit.
TEST_CASE("weight gradient: the reference moves parameters as the flat update's reference does") {
  for_each_unit(Optimizers(), [](const auto& unit) {
    using Unit = std::remove_cvref_t<decltype(unit)>;
    CAPTURE(Unit::kName);
    HostTensors host(3);
    const int size = kOut * kIn;
    FlatUpdate<double, Unit> flat = flat_update_case(host, size, 3, Unit(), 0.75f);
    const auto matrix = [&](const Vector<double>& values) {
      return Matrix<double>{host.vector<double>({values.data, values.data + size}).data, kOut, kIn};
    };
    WeightGradient<double> update{};
    update.d_linear = host.uniform(kOut, kBatch, -1, 1), update.input = host.uniform(kIn, kBatch, -1, 1);
    update.optimizer.settings.kind = kind_of<Unit>;
    update.optimizer.progress = flat.progress;
    update.optimizer.limit = flat.limit;
    update.weight.value = matrix(flat.parameter), update.weight.gradient = host.matrix(kOut, kIn);
    for (int s = 0; s < flat.kStates; ++s) update.weight.state[s] = matrix(flat.state[s]);
    update.bias = parameter_case(host, parameter_shape(shape<float>(kOut), update.optimizer.settings, true),
                                 update.optimizer.settings, -0.5, 0.5);
    weight_gradient_reference(update);
    flat.gradient = {update.weight.gradient.data, size};
    flat_update_reference(flat);
    for (int i = 0; i < size; ++i) CHECK(flat.parameter.data[i] == update.weight.value.data[i]);
    CHECK(std::any_of(flat.parameter.data, flat.parameter.data + size, [](double p) { return std::abs(p) == 0.75; }));
  });
}

}  // namespace
}  // namespace duel::test

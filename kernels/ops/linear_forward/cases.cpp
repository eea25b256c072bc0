#include "kernels/ops/linear_forward/cases.h"

#include <algorithm>
#include <cmath>

#include "kernels/levels/bounds.h"
#include "kernels/ops/batch_norm/bounds.h"
#include "kernels/reference.h"
#include "kernels/verify/sizes.h"

namespace duel::verify {
namespace {

using Forward = LinearForward<float>;

// What follows the linear layer.
struct Settings {
  Activation activation = Activation::leaky_relu;
  bool batch_norm = false;
  int first_column = 0;
  bool with_head = false;
  float slope = 0.2f;
  BatchStatistics statistics = BatchStatistics::batch;
  float eps = 0.8f, momentum = 0.1f;  // as the published script has them
  int columns_after = 0;
};

Forward shapes_of(const LayerSize& size, const Settings& settings) {
  Forward a{};
  a.activation = settings.activation;
  a.slope = settings.slope;
  a.first_column = settings.first_column;
  a.input = shape<const float>(size.in, size.batch);
  a.weight = shape<const float>(size.out, size.in);
  a.bias = shape<const float>(size.out);
  a.output = shape<float>(size.out, settings.first_column + size.batch + settings.columns_after);
  if (settings.with_head) {
    a.head_weight = shape<const float>(size.out);
    a.unit_gradient = shape<float>(size.out, size.batch);
  }
  if (!settings.batch_norm) return a;
  a.eps = settings.eps;
  a.momentum = settings.momentum;
  a.statistics = settings.statistics;
  a.gamma = a.beta = shape<const float>(size.out);
  a.running_mean = a.running_variance = shape<float>(size.out);
  if (settings.statistics == BatchStatistics::running) return a;
  a.inverse_deviation = shape<float>(size.out);
  a.normalized = shape<float>(size.out, size.batch);
  return a;
}

LinearForward<double> make(HostTensors& host, const Forward& shapes) {
  const int in = shapes.input.rows, out = shapes.weight.rows, batch = shapes.input.columns;
  const double limit = 1 / std::sqrt(static_cast<double>(in));
  LinearForward<double> a{};
  a.activation = shapes.activation;
  a.slope = shapes.slope;
  a.first_column = shapes.first_column;
  a.eps = shapes.eps;
  a.momentum = shapes.momentum;
  a.statistics = shapes.statistics;
  a.input = host.uniform(in, batch, -1, 1);
  a.weight = host.uniform(out, in, -limit, limit);
  a.bias = host.uniform(out, -limit, limit);
  a.output = host.uniform(out, shapes.output.columns, -1, 1);  // other columns than the samples' must stay
  if (shapes.head_weight) {
    a.head_weight = host.uniform(out, -1, 1);
    a.unit_gradient = host.matrix(out, batch);
  }
  if (!shapes.gamma) return a;
  a.gamma = host.uniform(out, -1.5, 1.5);
  a.beta = host.uniform(out, -0.5, 0.5);
  a.running_mean = host.uniform(out, -1, 1);
  a.running_variance = host.uniform(out, 0.5, 2);
  if (shapes.normalized) {
    a.normalized = host.matrix(out, batch);
    a.inverse_deviation = host.vector(out);
  }
  // One feature with a mean far larger than its deviation: a sum of squares would lose the variance.
  std::vector<double> bias(a.bias.data, a.bias.data + out);
  bias.back() = 1000;
  a.bias = host.vector(bias);
  return a;
}

// sum of |W| |x| of a feature for all samples, as far as a precision tells their factors from 0.
std::vector<double> product_magnitudes(const LinearForward<double>& a, int row, Precision precision) {
  std::vector<double> sums(static_cast<std::size_t>(a.input.columns));
  for (int k = 0; k < a.input.rows; ++k) {
    const double w = operand_magnitude(precision, at(a.weight, row, k));
    for (int c = 0; c < a.input.columns; ++c) sums[c] += w * operand_magnitude(precision, at(a.input, k, c));
  }
  return sums;
}

// W x + b of a feature: the absolute terms of each sample, and how far the sum may be off.
struct Linear {
  std::vector<double> magnitude, error;
};
Linear linear_of(const LinearForward<double>& a, int row, Precision precision) {
  const int in = a.input.rows;
  Linear linear{product_magnitudes(a, row, Precision::fp32), {}};
  for (double& x : linear.magnitude) {
    x += std::abs(a.bias.data[row]);
    linear.error.push_back(sum_error(in) * x);
  }
  if (precision == Precision::fp32) return linear;
  const auto products = product_magnitudes(a, row, precision);
  for (std::size_t c = 0; c < products.size(); ++c) linear.error[c] += operand_error(precision, in) * products[c];
  return linear;
}

// Of all that batch norm writes, feature by feature.
struct FeatureBounds {
  std::vector<double> normalized, inverse_deviation;
  std::vector<RunningErrors> running;

  // Adds a feature's; returns those of its outputs.
  std::vector<double> add(const LinearForward<double>& before, const LinearForward<double>& after, int row,
                          const Linear& linear) {
    std::vector<double> x_hat;
    for (int c = 0; after.normalized && c < after.input.columns; ++c) x_hat.push_back(at(after.normalized, row, c));
    const double inverse = after.inverse_deviation ? after.inverse_deviation.data[row] : 0;
    const double error = *std::max_element(linear.error.begin(), linear.error.end());
    const NormBounds bounds =
        norm_bounds(before, row, {linear.magnitude, error}, inverse, x_hat, running.emplace_back());
    normalized.insert(normalized.end(), bounds.normalized.begin(), bounds.normalized.end());
    inverse_deviation.push_back(bounds.inverse_deviation);
    return bounds.output;
  }
};

Bounds bounds_in(const LinearForward<double>& before, const LinearForward<double>& a, Precision precision) {
  FeatureBounds norm;
  std::vector<double> output(a.output.size()), unit_gradient;
  const double own = a.activation == Activation::leaky_relu ? 0 : 4 * kRounding;  // of tanh and the sigmoid
  for (int row = 0; row < a.weight.rows; ++row) {
    const Linear linear = linear_of(a, row, precision);
    const auto error = a.gamma ? norm.add(before, a, row, linear) : linear.error;
    for (int c = 0; c < a.input.columns; ++c) {
      const double bound = error[c] + own;
      output[static_cast<std::size_t>(row) * a.output.columns + a.first_column + c] = bound;
      if (a.head_weight) unit_gradient.push_back(unit_gradient_bound(a, row, c, bound));
    }
  }
  Bounds bounds;
  bounds.set("output", std::move(output));
  if (a.head_weight) bounds.set("unit_gradient", std::move(unit_gradient));
  if (!a.normalized) return bounds;
  bounds.set("normalized", std::move(norm.normalized));
  bounds.set("inverse_deviation", std::move(norm.inverse_deviation));
  set_running_bounds(bounds, a, norm.running);
  return bounds;
}

Bounds bounds_of(const LinearForward<double>& before, const LinearForward<double>& after) {
  return bounds_in(before, after, Precision::fp32);
}

std::vector<Case<Forward>> cases() {
  using enum Activation;
  std::vector<Case<Forward>> result;
  const auto add = [&](const LayerSize& size, const Settings& settings, const std::string& note,
                       bool of_training = false, int misalignment = 0) {
    result.push_back({size.text() + note, shapes_of(size, settings), misalignment, of_training});
  };
  const Settings batch_norm{.batch_norm = true}, under_head{.with_head = true};
  const Settings running{.batch_norm = true, .statistics = BatchStatistics::running};
  add({64, 100, 128}, {}, "", true);
  for (const LayerSize& size : {LayerSize{64, 128, 256}, {64, 256, 512}, {64, 512, 1024}, {32, 128, 256}}) {
    add(size, batch_norm, ", batch norm", true);
  }
  add({64, 1024, 784}, {.activation = tanh, .first_column = 64}, ", tanh", true);
  add({32, 1024, 784}, {.activation = tanh}, ", tanh", true);
  add({100, 1200, 784}, {.activation = sigmoid}, ", sigmoid", true);
  add({200, 240, 1200}, {.slope = 1}, ", nothing", true);  // maxout's
  add({128, 784, 512}, {}, "", true);
  add({128, 512, 256}, under_head, ", under a head", true);
  for (const LayerSize& size : edge_layers()) {
    add(size, {}, "");
    add(size, {.activation = tanh, .first_column = 5, .columns_after = 2}, ", tanh between other columns");
    add(size, under_head, ", under a head");
    add(size, batch_norm, ", batch norm");
    add(size, running, ", running statistics");
    add(size, {.activation = tanh, .first_column = 3}, ", tanh behind 3 columns");
    add(size, {.activation = sigmoid, .first_column = 3}, ", sigmoid behind 3 columns");
    add(size, {.slope = 0}, ", ReLU");
  }
  for (const LayerSize& size : {LayerSize{64, 100, 128}, {33, 65, 31}, {1, 40, 70}}) {
    add(size, {.batch_norm = true, .eps = 1e-5f}, ", batch norm, eps 1e-5");  // PyTorch's
    add(size, {.batch_norm = true, .momentum = 0}, ", batch norm, momentum 0");
    add(size, {.batch_norm = true, .slope = 0}, ", batch norm, ReLU");
  }
  for (const int misalignment : {1, 2, 3}) {
    const std::string note = ", " + std::to_string(misalignment) + " elements off";
    add({33, 65, 31}, under_head, ", under a head" + note, false, misalignment);
    add({64, 100, 40}, batch_norm, ", batch norm" + note, false, misalignment);
    add({64, 100, 40}, running, ", running statistics" + note, false, misalignment);
    add({64, 100, 40}, {.activation = tanh, .first_column = 64}, ", tanh" + note, false, misalignment);
  }
  return result;
}

}  // namespace

OpCases<LinearForward<double>, Forward> linear_forward_cases() {
  return {linear_forward_op(),
          linear_forward_reference,
          make,
          bounds_of,
          cases,
          bounds_in,
          {{{"batch", 64}, {"in", 512}, {"out", 1024}}, [](const std::vector<int>& n) {
             return shapes_of({n[0], n[1], n[2]}, {});
           }}};
}

}  // namespace duel::verify

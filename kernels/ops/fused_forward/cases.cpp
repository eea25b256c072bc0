#include "kernels/ops/fused_forward/cases.h"

#include "kernels/levels/bounds.h"
#include "kernels/ops/fused_forward/plain.h"
#include "kernels/ops/linear_bn_lrelu/bounds.h"
#include "kernels/verify/linear_cases.h"

namespace duel::verify {
namespace {

using Forward = FusedForward<float>;

// What follows the linear layer.
struct Settings {
  Activation activation = Activation::leaky_relu;
  bool batch_norm = false;
  int first_column = 0;
  bool with_head = false;
  float slope = 0.2f;
  BatchStatistics statistics = BatchStatistics::batch;
};

Forward shapes_of(const LayerSize& size, const Settings& settings) {
  Forward a{};
  a.activation = settings.activation;
  a.slope = settings.slope;
  a.first_column = settings.first_column;
  a.input = shape<const float>(size.in, size.batch);
  a.weight = shape<const float>(size.out, size.in);
  a.bias = shape<const float>(size.out);
  a.output = shape<float>(size.out, settings.first_column + size.batch);
  if (settings.with_head) {
    a.head_weight = shape<const float>(size.out);
    a.unit_gradient = shape<float>(size.out, size.batch);
  }
  if (!settings.batch_norm) return a;
  a.eps = 0.8f;
  a.momentum = 0.1f;
  a.statistics = settings.statistics;
  a.gamma = a.beta = shape<const float>(size.out);
  a.running_mean = a.running_variance = shape<float>(size.out);
  if (settings.statistics == BatchStatistics::running) return a;
  a.inverse_deviation = shape<float>(size.out);
  a.normalized = shape<float>(size.out, size.batch);
  return a;
}

FusedForward<double> make(HostTensors& host, const Forward& shapes) {
  const int in = shapes.input.rows, out = shapes.weight.rows, batch = shapes.input.columns;
  const double limit = 1 / std::sqrt(static_cast<double>(in));
  FusedForward<double> a{};
  a.activation = shapes.activation;
  a.slope = shapes.slope;
  a.first_column = shapes.first_column;
  a.eps = shapes.eps;
  a.momentum = shapes.momentum;
  a.statistics = shapes.statistics;
  a.input = host.uniform(in, batch, -1, 1);
  a.weight = host.uniform(out, in, -limit, limit);
  a.bias = host.uniform(out, -limit, limit);
  a.output = host.uniform(out, shapes.output.columns, -1, 1);  // what lies before first_column must stay
  if (shapes.head_weight) {
    a.head_weight = host.uniform(out, -1, 1);
    a.unit_gradient = host.matrix(out, batch);
  }
  if (!shapes.gamma) return a;
  a.gamma = host.uniform(out, 0.5, 1.5);
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

// A unit gradient jumps where the activation's argument changes sign, which rounding may decide.
std::vector<double> unit_gradient_bounds(const FusedForward<double>& a, const std::vector<double>& linear_error) {
  std::vector<double> result(linear_error.size());
  for (int row = 0; row < a.unit_gradient.rows; ++row) {
    const double w = std::abs(a.head_weight.data[row]);
    for (int c = 0; c < a.unit_gradient.columns; ++c) {
      const std::size_t i = static_cast<std::size_t>(row) * a.unit_gradient.columns + c;
      const bool is_undecided = std::abs(at(a.output, row, c)) <= linear_error[i];
      result[i] = is_undecided ? w : 2 * kRounding * w;
    }
  }
  return result;
}

Bounds bounds_in(const FusedForward<double>&, const FusedForward<double>& a, Precision precision) {
  const PlainForward plain(a);
  const int batch = a.input.columns, out = a.weight.rows;
  Bounds rows;
  if (a.gamma) {
    rows = bn_forward_bounds(plain.arguments, precision);
  } else {
    auto error = linear_magnitude(plain.arguments);
    const double own = a.activation == Activation::leaky_relu ? 0 : 4 * kRounding;
    for (double& x : error) x = sum_error(a.weight.columns) * x + own;
    if (precision != Precision::fp32) {
      const auto products = product_magnitude(plain.arguments, precision);
      for (std::size_t i = 0; i < error.size(); ++i)
        error[i] += operand_error(precision, a.weight.columns) * products[i];
    }
    rows.set("output", std::move(error));
  }
  Bounds bounds = rows;  // vectors of features are the same
  const auto error = transposed_bounds(rows, "output", batch, out);
  std::vector<double> output(a.output.size());
  for (int row = 0; row < out; ++row) {
    for (int c = 0; c < batch; ++c) {
      output[static_cast<std::size_t>(row) * a.output.columns + a.first_column + c] =
          error[static_cast<std::size_t>(row) * batch + c];
    }
  }
  bounds.set("output", std::move(output));
  if (a.normalized) {
    bounds.set("normalized", transposed_bounds(rows, "normalized", batch, out));
  }
  if (a.head_weight) bounds.set("unit_gradient", unit_gradient_bounds(a, error));
  return bounds;
}

Bounds bounds_of(const FusedForward<double>& before, const FusedForward<double>& after) {
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
  add({128, 784, 512}, {}, "", true);
  add({128, 512, 256}, under_head, ", under a head", true);
  for (const LayerSize& size : few_edge_layers()) {
    add(size, under_head, ", under a head");
    add(size, batch_norm, ", batch norm");
    add(size, running, ", running statistics");
    add(size, {.activation = tanh, .first_column = 3}, ", tanh behind 3 columns");
    add(size, {.activation = sigmoid, .first_column = 3}, ", sigmoid behind 3 columns");
    add(size, {.slope = 0}, ", ReLU");
  }
  for (const int misalignment : {1, 2, 3}) {
    const std::string note = ", " + std::to_string(misalignment) + " elements off";
    add({33, 65, 31}, under_head, note, false, misalignment);
    add({64, 100, 40}, batch_norm, ", batch norm" + note, false, misalignment);
    add({64, 100, 40}, running, ", running statistics" + note, false, misalignment);
    add({64, 100, 40}, {.activation = tanh, .first_column = 64}, ", tanh" + note, false, misalignment);
  }
  return result;
}

}  // namespace

OpCases<FusedForward<double>, Forward> fused_forward_cases() {
  return {fused_forward_op(),
          fused_forward_reference,
          make,
          bounds_of,
          [](const Forward& a) { return 2.0 * a.weight.rows * a.weight.columns * a.input.columns; },
          cases,
          bounds_in};
}

}  // namespace duel::verify

#include "kernels/ops/convolution_weight_gradient/cases.h"

#include "kernels/convolution/bounds.h"
#include "kernels/convolution/cases.h"
#include "kernels/levels/bounds.h"

namespace duel::verify {
namespace {

using Update = ConvolutionWeightGradient<float>;

struct Settings {
  bool updates = true, with_gradients = true, with_bias = true;
  OptimizerKind optimizer = {};
  int without_bias = 0;
};

Update shapes_of(const ConvolutionGeometry& g, int batch, const Settings& settings) {
  Optimizer optimizer;
  optimizer.kind = settings.optimizer;
  Update a{.geometry = g,
           .d_linear = shape<const float>(g.layer_output().rows(), batch),
           .input = shape<const float>(g.layer_input().rows(), batch),
           .without_bias = settings.without_bias,
           .workspace = workspace_shape(convolution_weight_gradient_workspace(g, batch))};
  const auto weight = shape<float>(g.weight_rows(), g.weight_columns());
  const auto bias = shape<float>(g.layer_output().channels);
  a.optimizer.settings = optimizer;
  if (settings.updates) {
    a.optimizer.progress = shape<const OptimizerProgress>(1);
    a.weight = parameter_shape(weight, optimizer, settings.with_gradients);
    if (settings.with_bias) a.bias = parameter_shape(bias, optimizer, settings.with_gradients);
  } else {
    a.weight.gradient = weight;
    if (settings.with_bias) a.bias.gradient = bias;
  }
  return a;
}

ConvolutionWeightGradient<double> make(HostTensors& host, const Update& shapes) {
  const double limit = weight_limit(forward_passage(shapes.geometry));
  ConvolutionWeightGradient<double> a{
      .geometry = shapes.geometry,
      .d_linear = host.uniform(shapes.d_linear.rows, shapes.batch(), -1e-3, 1e-3),
      .input = host.uniform(shapes.input.rows, shapes.batch(), -1, 1),
      .without_bias = shapes.without_bias,
      .weight = parameter_case(host, shapes.weight, shapes.optimizer.settings, -limit, limit),
      .workspace = workspace_case(host, shapes.workspace)};
  if (shapes.has_bias()) a.bias = parameter_case(host, shapes.bias, shapes.optimizer.settings, -limit, limit);
  a.optimizer = optimizer_case(host, shapes.optimizer);
  return a;
}

Bounds bounds_in(const ConvolutionWeightGradient<double>& before, const ConvolutionWeightGradient<double>& a,
                 Precision precision) {
  const ConvolutionGeometry& g = a.geometry;
  const Matrix<const double>& output = g.transposed ? a.input : a.d_linear;
  const Matrix<const double>& input = g.transposed ? a.d_linear : a.input;
  const int batch = a.batch(), columns = g.weight_columns(), channels = g.layer_output().channels;
  const auto weights = static_cast<std::size_t>(g.weight_rows()) * columns;
  GradientError weight{std::vector<double>(weights), std::vector<double>(weights)};
  const int depth = g.output().pixels() * batch, of_channel = g.layer_output().pixels();
  const double sum = sum_error(depth), operand = operand_error(precision, depth);
  for_each_product(g, [&](int out, int in, int row, int column) {
    const std::size_t i = static_cast<std::size_t>(row) * columns + column;
    double exact = 0, magnitude = 0, rounded = 0;
    for (int c = 0; c < batch; ++c) {
      const double d = at(output, out, c), x = at(input, in, c);
      exact += d * x;
      magnitude += std::abs(d * x);
      rounded += operand_magnitude(precision, d) * operand_magnitude(precision, x);
    }
    weight.gradient[i] += exact;
    weight.error[i] += sum * magnitude + operand * rounded;
  });
  Bounds bounds;
  set_workspace_bounds(bounds, a.workspace);
  set_parameter_bounds(bounds, kWeightNames, before.weight, a.optimizer, weight);
  if (!a.has_bias()) return bounds;
  GradientError bias{std::vector<double>(channels), std::vector<double>(channels)};
  for (int row = 0; row < a.d_linear.rows; ++row) {
    for (int c = 0; c < batch - a.without_bias; ++c) {
      bias.gradient[row / of_channel] += at(a.d_linear, row, c);
      bias.error[row / of_channel] += sum_error(of_channel * batch) * std::abs(at(a.d_linear, row, c));
    }
  }
  set_parameter_bounds(bounds, kBiasNames, before.bias, a.optimizer, bias);
  return bounds;
}

Bounds bounds_of(const ConvolutionWeightGradient<double>& before, const ConvolutionWeightGradient<double>& after) {
  return bounds_in(before, after, Precision::fp32);
}

std::vector<Case<Update>> cases() {
  std::vector<Case<Update>> result;
  const auto add = [&](const ConvolutionCase& one, const Settings& settings, const std::string& note = "",
                       int misalignment = 0) {
    result.push_back({one.text() + note, shapes_of(one.geometry, one.batch, settings), misalignment, one.of_training});
  };
  for (const ConvolutionCase& one : trained_convolutions()) add(one, {.with_gradients = false});
  for (const ConvolutionCase& one : edge_convolutions()) {
    add(one, {}, ", gradients kept");
    add(one, {.updates = false, .with_bias = one.batch % 2 == 0}, ", gradients alone");
  }
  const std::vector<ConvolutionCase> viewed = viewed_convolutions();
  const ConvolutionCase &some = viewed[0], &upsampled = viewed[1];
  // Pixels enough for many parts, which do not come out even.
  add({geometry_of(2, 19, 17, 3, 3, 1, 1), 40}, {}, ", in parts");
  add({geometry_of(2, 11, 13, 3, 3, 1, 1, 2), 37}, {.updates = false}, ", in parts, gradients alone");
  for (const int without_bias : {1, 29, 33}) {
    add(some, {.without_bias = without_bias}, ", " + std::to_string(without_bias) + " without bias");
  }
  for_each_unit(Optimizers(), [&](const auto& unit) {
    using Unit = std::remove_cvref_t<decltype(unit)>;
    add(upsampled, {.optimizer = kind_of<Unit>}, std::string(", ") + Unit::kName);
    add(some, {.optimizer = kind_of<Unit>}, std::string(", limited, ") + Unit::kName);
    result.back().arguments.optimizer.limit = 0.1f;  // of weights up to 0.15
  });
  for (const ConvolutionCase& one : viewed) {
    for (const int misalignment : {1, 2, 3}) {
      add(one, {}, ", " + std::to_string(misalignment) + " elements off", misalignment);
    }
  }
  return result;
}

}  // namespace

OpCases<ConvolutionWeightGradient<double>, Update> convolution_weight_gradient_cases() {
  return {convolution_weight_gradient_op(),
          convolution_weight_gradient_reference,
          make,
          bounds_of,
          cases,
          bounds_in,
          {convolution_axes(), [](const std::vector<int>& n) {
             const ConvolutionCase one = convolution_of(n);
             return shapes_of(one.geometry, one.batch, {.updates = false});
           }}};
}

}  // namespace duel::verify

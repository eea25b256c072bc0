#include "kernels/ops/convolution/cases.h"

#include <cmath>

#include "kernels/convolution/bounds.h"
#include "kernels/convolution/cases.h"
#include "kernels/levels/bounds.h"

namespace duel::verify {
namespace {

using Forward = Convolution<float>;

struct Settings {
  Activation activation = Activation::leaky_relu;
  float slope = 0.2f;
  bool with_bias = true;
  int first_column = 0, columns_after = 0;
  bool with_head = false;
};

Forward shapes_of(const ConvolutionGeometry& g, int batch, const Settings& settings) {
  const ImageShape to = g.layer_output();
  Forward a{.geometry = g,
            .input = shape<const float>(g.layer_input().rows(), batch),
            .weight = shape<const float>(g.weight_rows(), g.weight_columns()),
            .activation = settings.activation,
            .slope = settings.slope,
            .first_column = settings.first_column,
            .output = shape<float>(to.rows(), settings.first_column + batch + settings.columns_after),
            .workspace = workspace_shape(convolution_workspace(g))};
  if (settings.with_bias) a.bias = shape<const float>(to.channels);
  if (settings.with_head) {
    a.head_weight = shape<const float>(to.rows());
    a.unit_gradient = shape<float>(to.rows(), batch);
  }
  return a;
}

Convolution<double> make(HostTensors& host, const Forward& shapes) {
  const double limit = weight_limit(forward_passage(shapes.geometry));
  Convolution<double> a{.geometry = shapes.geometry,
                        .input = host.uniform(shapes.input.rows, shapes.batch(), -1, 1),
                        .weight = host.uniform(shapes.weight.rows, shapes.weight.columns, -limit, limit),
                        .activation = shapes.activation,
                        .slope = shapes.slope,
                        .first_column = shapes.first_column,
                        .output = host.uniform(shapes.output.rows, shapes.output.columns, -1, 1),
                        .workspace = workspace_case(host, shapes.workspace)};
  if (shapes.bias) a.bias = host.uniform(shapes.bias.rows, -limit, limit);
  if (shapes.head_weight) {
    a.head_weight = host.uniform(shapes.head_weight.rows, -1, 1);
    a.unit_gradient = host.matrix(shapes.unit_gradient.rows, shapes.batch());
  }
  return a;
}

// Of the sum; an activation's slope is at most 1, and tanh and the sigmoid have errors of their own.
Bounds bounds_in(const Convolution<double>&, const Convolution<double>& a, Precision precision) {
  const double own = a.activation == Activation::leaky_relu ? 0 : 4 * kRounding;
  const ImageShape to = a.geometry.layer_output();
  const auto errors = passage_errors(a.geometry, a.geometry.transposed, a.weight, a.input, 0, a.batch(), precision);
  std::vector<double> output(a.output.size()), unit_gradient;
  for (int row = 0; row < to.rows(); ++row) {
    const double bias = a.bias ? std::abs(a.bias.data[row / to.pixels()]) : 0;
    for (int c = 0; c < a.batch(); ++c) {
      const double bound = errors.of(row, c) + errors.relative * bias + own;
      output[static_cast<std::size_t>(row) * a.output.columns + a.first_column + c] = bound;
      if (a.head_weight) unit_gradient.push_back(unit_gradient_bound(a, row, c, bound));
    }
  }
  Bounds bounds;
  bounds.set("output", std::move(output));
  if (a.head_weight) bounds.set("unit_gradient", std::move(unit_gradient));
  set_workspace_bounds(bounds, a.workspace);
  return bounds;
}

Bounds bounds_of(const Convolution<double>& before, const Convolution<double>& after) {
  return bounds_in(before, after, Precision::fp32);
}

std::vector<Case<Forward>> cases() {
  using enum Activation;
  std::vector<Case<Forward>> result;
  const auto add = [&](const ConvolutionCase& one, const Settings& settings, const std::string& note = "",
                       int misalignment = 0) {
    result.push_back({one.text() + note, shapes_of(one.geometry, one.batch, settings), misalignment, one.of_training});
  };
  for (const ConvolutionCase& one : trained_convolutions()) add(one, {});
  for (const ConvolutionCase& one : edge_convolutions()) {
    add(one, {});
    if (one.batch % 2 == 0) continue;
    add(one, {.slope = 1, .with_bias = false, .first_column = 3}, ", nothing, behind 3 columns");
  }
  for (const ConvolutionCase& one : viewed_convolutions()) {
    add(one, {.activation = tanh, .first_column = 4, .columns_after = 2}, ", tanh between other columns");
    add(one, {.activation = sigmoid, .first_column = 3}, ", sigmoid behind 3 columns");
    add(one, {.slope = 0}, ", ReLU");
    add(one, {.with_head = true}, ", under a head");
    add(one, {.with_head = true}, ", under a head, 1 elements off", 1);
    for (const int misalignment : {1, 2, 3}) {
      add(one, {.first_column = 4}, ", " + std::to_string(misalignment) + " elements off", misalignment);
    }
  }
  return result;
}

}  // namespace

OpCases<Convolution<double>, Forward> convolution_cases() {
  return {convolution_op(),
          convolution_reference,
          make,
          bounds_of,
          cases,
          bounds_in,
          {convolution_axes(), [](const std::vector<int>& n) {
             const ConvolutionCase one = convolution_of(n);
             return shapes_of(one.geometry, one.batch, {});
           }}};
}

}  // namespace duel::verify

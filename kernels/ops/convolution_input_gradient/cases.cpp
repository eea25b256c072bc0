#include "kernels/ops/convolution_input_gradient/cases.h"

#include <cmath>

#include "kernels/convolution/bounds.h"
#include "kernels/convolution/cases.h"

namespace duel::verify {
namespace {

using Gradient = ConvolutionInputGradient<float>;

struct Settings {
  Activation below = Activation::leaky_relu;
  float slope = 0.2f;
  bool with_factor = false, with_output = true;
  int first_column = 0, columns_after = 0, below_column = 0;
  int channels = 0;  // of the input, the first ones; 0: all
};

Gradient shapes_of(const ConvolutionGeometry& g, int batch, const Settings& settings) {
  ImageShape below = g.layer_input();
  if (settings.channels > 0) below.channels = settings.channels;
  const int rows = below.rows(), columns = settings.first_column + batch + settings.columns_after;
  Gradient a{.geometry = g,
             .weight = shape<const float>(g.weight_rows(), g.weight_columns()),
             .first_column = settings.first_column,
             .d_linear = shape<const float>(g.layer_output().rows(), columns),
             .below = settings.below,
             .slope = settings.slope,
             .below_column = settings.below_column,
             .d_below = shape<float>(rows, settings.below_column + batch),
             .workspace = workspace_shape(convolution_input_gradient_workspace(g))};
  if (settings.with_factor) a.factor = shape<const float>(batch);
  if (settings.with_output) a.output = shape<const float>(rows, columns);
  return a;
}

ConvolutionInputGradient<double> make(HostTensors& host, const Gradient& shapes) {
  const double limit = weight_limit(backward_passage(shapes.geometry));
  ConvolutionInputGradient<double> a{
      .geometry = shapes.geometry,
      .weight = host.uniform(shapes.weight.rows, shapes.weight.columns, -limit, limit),
      .first_column = shapes.first_column,
      .d_linear = host.uniform(shapes.d_linear.rows, shapes.d_linear.columns, -1e-3, 1e-3),
      .below = shapes.below,
      .slope = shapes.slope,
      .below_column = shapes.below_column,
      .d_below = host.uniform(shapes.d_below.rows, shapes.d_below.columns, -1, 1),
      .workspace = workspace_case(host, shapes.workspace)};
  if (shapes.factor) a.factor = host.uniform(shapes.batch(), -1, 1);
  const double lowest = shapes.below == Activation::sigmoid ? 0 : -1;
  if (shapes.output) a.output = host.uniform(shapes.output.rows, shapes.output.columns, lowest, 1);
  return a;
}

// Of the sum, the factor and the activation's derivative, which is at most 1: some roundings of each result.
Bounds bounds_in(const ConvolutionInputGradient<double>&, const ConvolutionInputGradient<double>& a,
                 Precision precision) {
  const auto errors =
      passage_errors(a.geometry, !a.geometry.transposed, a.weight, a.d_linear, a.first_column, a.batch(), precision);
  std::vector<double> d_below(a.d_below.size());
  for (int row = 0; row < a.d_below.rows; ++row) {
    for (int c = 0; c < a.batch(); ++c) {
      const double factor = a.factor ? std::abs(a.factor.data[c]) : 1;
      double slope = 1, relative = 4 * kRounding;
      if (a.output) {
        const double y = at(a.output, row, a.first_column + c);
        with_activation(a.below, a.slope, [&](auto f) { slope = std::abs(f.gradient(y, 1.0)); });
        // 1 - y² has the rounding of y², which is all of it near saturation.
        if (a.below != Activation::leaky_relu) relative = 4 * kRounding / std::max(slope, kRounding);
      }
      const double result = std::abs(at(a.d_below, row, a.below_column + c));
      d_below[static_cast<std::size_t>(row) * a.d_below.columns + a.below_column + c] =
          errors.of(row, c) * factor * slope * (1 + relative) + relative * result;
    }
  }
  Bounds bounds;
  bounds.set("d_below", std::move(d_below));
  set_workspace_bounds(bounds, a.workspace);
  return bounds;
}

Bounds bounds_of(const ConvolutionInputGradient<double>& before, const ConvolutionInputGradient<double>& after) {
  return bounds_in(before, after, Precision::fp32);
}

std::vector<Case<Gradient>> cases() {
  using enum Activation;
  std::vector<Case<Gradient>> result;
  const auto add = [&](const ConvolutionCase& one, const Settings& settings, const std::string& note = "",
                       int misalignment = 0) {
    result.push_back({one.text() + note, shapes_of(one.geometry, one.batch, settings), misalignment, one.of_training});
  };
  for (const ConvolutionCase& one : trained_convolutions()) {
    add(one, {.below = one.geometry.input.channels == 1 ? tanh : leaky_relu});
  }
  const ConvolutionCase conditional{geometry_of(11, 28, 28, 16, 3, 2, 1), 64, true};  // an image and ten classes
  add(conditional, {.below = tanh, .channels = 1}, ", the first channel");
  for (const ConvolutionCase& one : edge_convolutions()) {
    add(one, {.with_factor = true});
    if (const int all = one.geometry.layer_input().channels; all > 1) {
      add(one, {.channels = (all + 1) / 2}, ", the first " + std::to_string((all + 1) / 2) + " channels");
    }
    if (one.batch % 2 == 0) continue;
    add(one, {.with_output = false, .first_column = 3, .below_column = 5}, ", nothing below, behind other columns");
  }
  for (const ConvolutionCase& one : viewed_convolutions()) {
    add(one, {.below = tanh, .with_factor = true, .first_column = 4, .columns_after = 3},
        ", above tanh, between other columns");
    add(one, {.below = sigmoid, .first_column = 3, .below_column = 8}, ", above the sigmoid, behind other columns");
    add(one, {.slope = 0}, ", above ReLU");
    for (const int misalignment : {1, 2, 3}) {
      add(one, {.with_factor = true, .first_column = 4}, ", " + std::to_string(misalignment) + " elements off",
          misalignment);
    }
  }
  return result;
}

}  // namespace

OpCases<ConvolutionInputGradient<double>, Gradient> convolution_input_gradient_cases() {
  return {convolution_input_gradient_op(),
          convolution_input_gradient_reference,
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

#include "kernels/ops/linear_tangent/cases.h"

#include <cmath>

#include "kernels/reference.h"
#include "kernels/verify/sizes.h"

namespace duel::verify {
namespace {

using Tangent = LinearTangent<float>;

Tangent shapes_of(const LayerSize& size, int first_column, Activation activation, float slope = 0.2f) {
  return {.input = shape<const float>(size.in, first_column + size.batch),
          .weight = shape<const float>(size.out, size.in),
          .activation = activation,
          .slope = slope,
          .first_column = first_column,
          .output = shape<float>(size.out, first_column + size.batch)};
}

LinearTangent<double> make(HostTensors& host, const Tangent& shapes) {
  const int in = shapes.weight.columns, out = shapes.weight.rows, columns = shapes.input.columns;
  const double limit = 1 / std::sqrt(static_cast<double>(in));
  const double lowest = shapes.activation == Activation::sigmoid ? 0 : -1;
  return {.input = host.uniform(in, columns, -1, 1),
          .weight = host.uniform(out, in, -limit, limit),
          .activation = shapes.activation,
          .slope = shapes.slope,
          .first_column = shapes.first_column,
          .output = host.uniform(out, columns, lowest, 1)};
}

// Of the product, and three roundings of the derivative, which is at most 1.
Bounds bounds_in(const LinearTangent<double>&, const LinearTangent<double>& a, Precision precision) {
  const int in = a.input.rows;
  const double own = sum_error(in) + 4 * kRounding, operand = operand_error(precision, in);
  std::vector<double> output(a.output.size());
  for (int row = 0; row < a.weight.rows; ++row) {
    for (int c = a.first_column; c < a.input.columns; ++c) {
      double& error = output[static_cast<std::size_t>(row) * a.output.columns + c];
      for (int k = 0; k < in; ++k) {
        const double w = at(a.weight, row, k), x = at(a.input, k, c);
        error += own * std::abs(w * x) + operand * operand_magnitude(precision, w) * operand_magnitude(precision, x);
      }
    }
  }
  Bounds bounds;
  bounds.set("output", std::move(output));
  return bounds;
}

Bounds bounds_of(const LinearTangent<double>& before, const LinearTangent<double>& after) {
  return bounds_in(before, after, Precision::fp32);
}

std::vector<Case<Tangent>> cases() {
  using enum Activation;
  std::vector<Case<Tangent>> result;
  const auto add = [&](const LayerSize& size, int first_column, const std::string& note, bool of_training = false,
                       int misalignment = 0, Activation activation = leaky_relu, float slope = 0.2f) {
    result.push_back({size.text() + note, shapes_of(size, first_column, activation, slope), misalignment, of_training});
  };
  for (const LayerSize& size : {LayerSize{64, 784, 512}, {64, 512, 256}}) add(size, 128, "", true);
  for (const LayerSize& size : edge_layers()) {
    add(size, 0, "");
    add(size, 3, ", behind 3 columns");
    add(size, 4, ", ReLU behind 4 columns", false, 0, leaky_relu, 0);
  }
  for (const Activation activation : {tanh, sigmoid}) {
    add({33, 65, 31}, 2, activation == tanh ? ", tanh" : ", sigmoid", false, 0, activation);
  }
  for (const int misalignment : {1, 2, 3}) {
    add({64, 100, 40}, 64, ", " + std::to_string(misalignment) + " elements off", false, misalignment);
  }
  return result;
}

}  // namespace

OpCases<LinearTangent<double>, Tangent> linear_tangent_cases() {
  return {linear_tangent_op(),
          linear_tangent_reference,
          make,
          bounds_of,
          cases,
          bounds_in,
          {{{"batch", 64}, {"in", 512}, {"out", 1024}}, [](const std::vector<int>& n) {
             return shapes_of({n[0], n[1], n[2]}, 0, Activation::leaky_relu);
           }}};
}

}  // namespace duel::verify

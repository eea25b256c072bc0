#include "kernels/ops/linear_sigmoid/cases.h"

#include "kernels/verify/linear_cases.h"

namespace duel::verify {
namespace {

using Forward = LinearSigmoidForward<float>;
using Backward = LinearSigmoidBackward<float>;

// The head of the 2014 paper's generator.
constexpr LayerSize kTraining[] = {{100, 1200, 784}};

}  // namespace

// The slope is 1/4 at most; the sigmoid adds its own error, at most 4 units of 2^-24.
Bounds linear_sigmoid_forward_bounds(const LinearSigmoidForward<double>& a) {
  Bounds bounds;
  auto magnitude = linear_magnitude(a);
  for (double& x : magnitude) x = sum_error(a.input.columns) * x / 4 + 4 * kRounding;
  bounds.set("output", std::move(magnitude));
  return bounds;
}

// dY Y (1 - Y): a difference and two products, rounded.
Bounds linear_sigmoid_backward_bounds(const LinearSigmoidBackward<double>& a) {
  Bounds bounds;
  auto magnitude = absolute(a.d_output);
  for (std::size_t i = 0; i < magnitude.size(); ++i) {
    const double y = a.output.data[i];
    magnitude[i] *= std::abs(y) * (1 + std::abs(y));
  }
  set_gradient_bounds(bounds, a, std::move(magnitude), 3 * kRounding);
  return bounds;
}

OpCases<LinearSigmoidForward<double>, Forward> linear_sigmoid_forward_cases() {
  return activated_forward<LinearSigmoidForward<double>, Forward>(
      linear_sigmoid_forward_op(), linear_sigmoid_forward_reference,
      [](const auto&, const auto& after) { return linear_sigmoid_forward_bounds(after); },
      [] { return linear_forward_cases<Forward>(kTraining, {}); });
}

OpCases<LinearSigmoidBackward<double>, Backward> linear_sigmoid_backward_cases() {
  return activated_backward<LinearSigmoidBackward<double>, Backward>(
      linear_sigmoid_backward_op(), linear_sigmoid_backward_reference,
      [](const auto&, const auto& after) { return linear_sigmoid_backward_bounds(after); },
      [] { return linear_backward_cases<Backward>(kTraining, {}); });
}

}  // namespace duel::verify

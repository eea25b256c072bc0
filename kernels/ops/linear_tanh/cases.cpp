#include "kernels/ops/linear_tanh/cases.h"

#include "kernels/verify/linear_cases.h"

namespace duel::verify {
namespace {

using Forward = LinearTanhForward<float>;
using Backward = LinearTanhBackward<float>;

// The generator's head, and the same for the last, small batch of an epoch.
constexpr LayerSize kTraining[] = {{64, 1024, 784}, {32, 1024, 784}};

}  // namespace

// tanh passes an error on shrunk, never grown, and adds its own: at most 2 units in the last place of a value below 1.
Bounds linear_tanh_forward_bounds(const LinearTanhForward<double>& a) {
  Bounds bounds;
  auto magnitude = linear_magnitude(a);
  for (double& x : magnitude) x = sum_error(a.input.columns) * x + 4 * kRounding;
  bounds.set("output", std::move(magnitude));
  return bounds;
}

// dY (1 - Y²): the square, the difference and the product are rounded, all three at most 1 in size.
Bounds linear_tanh_backward_bounds(const LinearTanhBackward<double>& a) {
  Bounds bounds;
  set_gradient_bounds(bounds, a, absolute(a.d_output), 3 * kRounding);
  return bounds;
}

OpCases<LinearTanhForward<double>, Forward> linear_tanh_forward_cases() {
  return activated_forward<LinearTanhForward<double>, Forward>(
      linear_tanh_forward_op(), linear_tanh_forward_reference,
      [](const auto&, const auto& after) { return linear_tanh_forward_bounds(after); },
      [] { return linear_forward_cases<Forward>(kTraining, {}); });
}

OpCases<LinearTanhBackward<double>, Backward> linear_tanh_backward_cases() {
  return activated_backward<LinearTanhBackward<double>, Backward>(
      linear_tanh_backward_op(), linear_tanh_backward_reference,
      [](const auto&, const auto& after) { return linear_tanh_backward_bounds(after); },
      [] { return linear_backward_cases<Backward>(kTraining, {}); });
}

}  // namespace duel::verify

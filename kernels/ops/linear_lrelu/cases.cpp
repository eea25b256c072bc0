#include "kernels/ops/linear_lrelu/cases.h"

#include "kernels/verify/linear_cases.h"

namespace duel::verify {
namespace {

using Forward = LinearLreluForward<float>;
using Backward = LinearLreluBackward<float>;

// The generator's first layer, the discriminator's layers on a batch of real and generated images, a last small batch.
constexpr LayerSize kTraining[] = {{64, 100, 128}, {128, 784, 512}, {128, 512, 256}, {32, 100, 128}};

// The slope of the published script, and ReLU, as the generator of the 2014 paper has it.
template <class Arguments>
Arguments with_slope(float slope) {
  Arguments a{};
  a.slope = slope;
  return a;
}

// Of a slope of 0, layers of every edge size are enough.
template <class Arguments>
std::vector<Case<Arguments>> with_relu(std::vector<Case<Arguments>> cases, std::vector<Case<Arguments>> relu_cases) {
  for (Case<Arguments>& one : relu_cases) {
    if (one.of_training) continue;
    one.name += ", ReLU";
    cases.push_back(one);
  }
  return cases;
}

std::vector<Case<Forward>> forward_cases() {
  return with_relu(linear_forward_cases(kTraining, with_slope<Forward>(0.2f)),
                   linear_forward_cases(kTraining, with_slope<Forward>(0.f)));
}
std::vector<Case<Backward>> backward_cases() {
  return with_relu(linear_backward_cases(kTraining, with_slope<Backward>(0.2f)),
                   linear_backward_cases(kTraining, with_slope<Backward>(0.f)));
}

}  // namespace

Bounds linear_lrelu_forward_bounds(const LinearLreluForward<double>& a) {
  Bounds bounds;
  auto magnitude = linear_magnitude(a);
  for (double& x : magnitude) x *= sum_error(a.input.columns);
  bounds.set("output", std::move(magnitude));
  return bounds;
}

Bounds linear_lrelu_backward_bounds(const LinearLreluBackward<double>& a) {
  Bounds bounds;
  set_gradient_bounds(bounds, a, absolute(a.d_output), 2 * kRounding);  // a product with the slope
  return bounds;
}

OpCases<LinearLreluForward<double>, Forward> linear_lrelu_forward_cases() {
  return activated_forward<LinearLreluForward<double>, Forward>(
      linear_lrelu_forward_op(), linear_lrelu_forward_reference,
      [](const auto&, const auto& after) { return linear_lrelu_forward_bounds(after); }, forward_cases);
}

OpCases<LinearLreluBackward<double>, Backward> linear_lrelu_backward_cases() {
  return activated_backward<LinearLreluBackward<double>, Backward>(
      linear_lrelu_backward_op(), linear_lrelu_backward_reference,
      [](const auto&, const auto& after) { return linear_lrelu_backward_bounds(after); }, backward_cases);
}

}  // namespace duel::verify

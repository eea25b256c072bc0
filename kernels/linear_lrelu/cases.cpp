#include "kernels/linear_lrelu/cases.h"

#include "kernels/verify/linear_cases.h"

namespace duel::verify {
namespace {

using Forward = LinearLreluForward<float>;
using Backward = LinearLreluBackward<float>;

// The generator's first layer, the discriminator's layers on a batch of real and generated images, a last small batch.
constexpr LayerSize kTraining[] = {{64, 100, 128}, {128, 784, 512}, {128, 512, 256}, {32, 100, 128}};

LinearLreluForward<double> make_forward(HostTensors& host, const Forward& shapes) {
  LinearLreluForward<double> a{};
  a.slope = shapes.slope;
  fill_linear_forward(a, host, layer_size(shapes));
  return a;
}

LinearLreluBackward<double> make_backward(HostTensors& host, const Backward& shapes) {
  LinearLreluBackward<double> a{};
  a.slope = shapes.slope;
  fill_linear_backward(a, host, layer_size(shapes), wanted_gradients(shapes));
  return a;
}

std::vector<Case<Forward>> forward_cases() {
  Forward scalars{};
  scalars.slope = 0.2f;
  return linear_forward_cases(kTraining, scalars);
}
std::vector<Case<Backward>> backward_cases() {
  Backward scalars{};
  scalars.slope = 0.2f;
  return linear_backward_cases(kTraining, scalars);
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
  return {linear_lrelu_forward_op(),
          linear_lrelu_forward_reference,
          make_forward,
          [](const auto&, const LinearLreluForward<double>& after) { return linear_lrelu_forward_bounds(after); },
          product_operations<Forward>,
          forward_cases};
}

OpCases<LinearLreluBackward<double>, Backward> linear_lrelu_backward_cases() {
  return {linear_lrelu_backward_op(),
          linear_lrelu_backward_reference,
          make_backward,
          [](const auto&, const LinearLreluBackward<double>& after) { return linear_lrelu_backward_bounds(after); },
          gradient_operations<Backward>,
          backward_cases};
}

}  // namespace duel::verify

#include "kernels/ops/linear_bn_lrelu/cases.h"

namespace duel::verify {
namespace {

using Forward = LinearBnLreluForward<float>;
using Backward = LinearBnLreluBackward<float>;

// The generator's middle layers, and the same for the last, small batch of an epoch.
constexpr LayerSize kTraining[] = {{64, 128, 256}, {64, 256, 512}, {64, 512, 1024}, {32, 128, 256}};

LinearBnLreluForward<double> make_forward(HostTensors& host, const Forward& shapes) {
  auto a = bn_forward_case(
      host, layer_size(shapes),
      {.eps = shapes.eps, .momentum = shapes.momentum, .slope = shapes.slope, .statistics = shapes.statistics});
  // One column with a mean far larger than its deviation: a sum of squares would lose the variance.
  std::vector<double> bias(a.bias.data, a.bias.data + a.bias.rows);
  bias.back() = 1000;
  a.bias = host.vector(bias);
  return a;
}

LinearBnLreluBackward<double> make_backward(HostTensors& host, const Backward& shapes) {
  auto a = bn_backward_case(host, layer_size(shapes), static_cast<bool>(shapes.d_input));
  a.slope = shapes.slope;
  return a;
}

Forward forward_shapes(const LayerSize& size, const BnSettings& settings) {
  auto a = bn_forward_scalars<float>(settings);
  shape_linear_forward(a, size);
  a.gamma = a.beta = shape<const float>(size.out);
  a.running_mean = a.running_variance = a.inverse_deviation = shape<float>(size.out);
  a.normalized = shape<float>(size.batch, size.out);
  return a;
}

Backward backward_shapes(const LayerSize& size, bool with_d_input, float slope = 0.2f) {
  auto a = bn_backward_scalars<float>({.slope = slope});
  shape_linear_backward(a, size, {.d_input = with_d_input});
  a.gamma = a.inverse_deviation = shape<const float>(size.out);
  a.normalized = shape<const float>(size.batch, size.out);
  a.d_gamma = a.d_beta = shape<float>(size.out);
  return a;
}

// eps of the published script, then PyTorch's default.
std::vector<Case<Forward>> forward_cases() {
  auto cases = layer_cases<Forward>(kTraining, [](const LayerSize& size) { return forward_shapes(size, {}); });
  for (const LayerSize& size : {LayerSize{64, 100, 128}, LayerSize{33, 65, 31}, LayerSize{1, 40, 70}}) {
    cases.push_back({size.text() + ", eps 1e-5", forward_shapes(size, {.eps = 1e-5f})});
    cases.push_back({size.text() + ", momentum 0", forward_shapes(size, {.momentum = 0})});
    const BnSettings running{.statistics = BatchStatistics::running};
    cases.push_back({size.text() + ", running statistics", forward_shapes(size, running)});
    cases.push_back({size.text() + ", ReLU", forward_shapes(size, {.slope = 0})});
  }
  return cases;
}

std::vector<Case<Backward>> backward_cases() {
  auto cases = layer_cases<Backward>(kTraining, [](const LayerSize& size) { return backward_shapes(size, true); });
  for (const LayerSize& size : {LayerSize{64, 100, 128}, LayerSize{33, 65, 31}}) {
    cases.push_back({size.text() + ", without d_input", backward_shapes(size, false)});
    cases.push_back({size.text() + ", ReLU", backward_shapes(size, true, 0)});
  }
  return cases;
}

Bounds forward_bounds(const LinearBnLreluForward<double>&, const LinearBnLreluForward<double>& after) {
  Bounds bounds = bn_forward_bounds(after);
  if (after.momentum == 0) {
    bounds.set_untouched("running_mean");
    bounds.set_untouched("running_variance");
  }
  return bounds;
}

}  // namespace

OpCases<LinearBnLreluForward<double>, Forward> linear_bn_lrelu_forward_cases() {
  return {linear_bn_lrelu_forward_op(),
          linear_bn_lrelu_forward_reference,
          make_forward,
          forward_bounds,
          product_operations<Forward>,
          forward_cases};
}

OpCases<LinearBnLreluBackward<double>, Backward> linear_bn_lrelu_backward_cases() {
  return {linear_bn_lrelu_backward_op(),
          linear_bn_lrelu_backward_reference,
          make_backward,
          [](const auto&, const LinearBnLreluBackward<double>& after) { return bn_backward_bounds(after); },
          gradient_operations<Backward>,
          backward_cases};
}

}  // namespace duel::verify

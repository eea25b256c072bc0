// Checks that all layers y = f(x Wᵀ + b) whose f has no parameters share.
#pragma once

#include "kernels/verify/check_op.h"
#include "kernels/verify/linear_cases.h"
#include "tests/kernels/support/central_differences.h"
#include "tests/kernels/support/validation.h"

namespace duel::test {

template <class Activation>
struct ActivatedLayer {
  using Forward = ActivatedForward<Activation, double>;
  using Backward = ActivatedBackward<Activation, double>;

  const Op<ActivatedForward<Activation, float>>& forward_op;
  const Op<ActivatedBackward<Activation, float>>& backward_op;
  void (*forward_reference)(const Forward&);
  void (*backward_reference)(const Backward&);
  verify::Bounds (*forward_bounds)(const Forward&);
  verify::Bounds (*backward_bounds)(const Backward&);

  std::string check_forward(const verify::LayerSize& size, const verify::CheckOptions& options = {}) const {
    verify::HostTensors host(options.seed);
    Forward a{};
    verify::fill_linear_forward(a, host, size);
    return verify::check_op<Forward>(forward_op, forward_reference, a, {}, forward_bounds, options);
  }

  std::string check_backward(const verify::LayerSize& size, const verify::CheckOptions& options = {},
                             verify::WantedGradients wanted = {}) const {
    verify::HostTensors host(options.seed);
    Backward a{};
    verify::fill_linear_backward(a, host, size, wanted);
    return verify::check_op<Backward>(backward_op, backward_reference, a, {}, backward_bounds, options);
  }

  std::string check_both(const verify::LayerSize& size, const verify::CheckOptions& options = {}) const {
    return check_forward(size, options) + check_backward(size, options);
  }

  std::string check_gradients_left_out(const verify::LayerSize& size) const {
    return check_backward(size, {}, {.d_input = false}) + check_backward(size, {}, {.d_weight_and_bias = false}) +
           check_backward(size, {}, {.d_input = false, .d_weight_and_bias = false});
  }

  /// The forward pass on one input, `inputs`, of three weights 1, 100 and 1/8, within `bound` everywhere.
  std::string check_large_arguments(const std::vector<double>& inputs, double bound) const {
    verify::HostTensors host(4);
    const int rows = static_cast<int>(inputs.size());
    Forward a{};
    a.input = {host.vector(inputs).data, rows, 1};
    a.weight = {host.vector<double>({1, 100, 0.125}).data, 3, 1};
    a.bias = host.vector<double>({0, 0, 0});
    a.output = host.matrix(rows, 3);
    return verify::check_op<Forward>(forward_op, forward_reference, a, {}, [bound](const Forward& b) {
      verify::Bounds bounds;
      bounds.set("output", std::vector(b.output.size(), bound));
      return bounds;
    });
  }

  /// The reference's gradients against the slopes of its forward pass.
  std::string check_slopes(const verify::LayerSize& size) const {
    verify::HostTensors host(5);
    const auto input = host.uniform(size.batch, size.in, -1, 1), weight = host.uniform(size.out, size.in, -1, 1);
    const auto bias = host.uniform(size.out, -1, 1);
    const auto cotangent = host.uniform(size.batch, size.out, -1, 1);
    const Forward forward{input, weight, bias, host.matrix(size.batch, size.out)};
    const auto loss = [&] {
      forward_reference(forward);
      return weighted_sum(cotangent, forward.output);
    };
    loss();
    Backward backward{};
    backward.input = input, backward.weight = weight, backward.output = forward.output, backward.d_output = cotangent;
    verify::add_linear_gradients(backward, host, size, {});
    backward_reference(backward);
    return check_gradient("input", input, backward.d_input, loss) +
           check_gradient("weight", weight, backward.d_weight, loss) +
           check_gradient("bias", bias, backward.d_bias, loss);
  }

  std::string check_refusals() const {
    ActivatedForward<Activation, float> forward{};
    forward.input = shape<const float>(4, 3), forward.weight = shape<const float>(5, 3);
    forward.bias = shape<const float>(5), forward.output = shape<float>(4, 5);
    ActivatedBackward<Activation, float> backward{};
    backward.input = shape<const float>(4, 3), backward.weight = shape<const float>(5, 3);
    backward.output = shape<const float>(4, 5), backward.d_output = shape<const float>(4, 5);
    backward.d_linear = shape<float>(4, 5), backward.d_input = shape<float>(4, 3);
    backward.d_weight = shape<float>(5, 3), backward.d_bias = shape<float>(5);
    return check_shapes(forward_op, forward, {.defining = {"input", "weight"}}) +
           check_shapes(backward_op, backward, {.defining = {"input", "weight"}, .optional = {"d_input"}});
  }
};

}  // namespace duel::test

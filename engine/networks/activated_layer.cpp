#include "engine/networks/activated_layer.h"

#include <stdexcept>

#include "kernels/ops/linear_tangent/linear_tangent.h"

namespace duel {

void ActivatedLayer::forward(Matrix<const float> input, Vector<const float> head_weight, TaskList& list) const {
  LinearForward<float> forward = product(input, memory().output);
  forward.activation = settings_.activation;
  forward.slope = settings_.slope;
  forward.first_column = settings_.first_column;
  if (slots().batch_norm) {
    const BatchNormViews norm = batch_norm();
    forward.gamma = norm.gamma;
    forward.beta = norm.beta;
    forward.statistics = settings_.statistics;
    forward.eps = slots().eps;
    forward.momentum = settings_.momentum;
    forward.running_mean = norm.running_mean;
    forward.running_variance = norm.running_variance;
    forward.normalized = memory().normalized;
    forward.inverse_deviation = memory().inverse_deviation;
  }
  if (head_weight) {
    forward.head_weight = head_weight;
    forward.unit_gradient = memory().d_linear;
  }
  list.add(linear_forward_op(), forward, label("forward", "linear_forward"));
  // In place: the backward pass reads the sign of what was kept, and the gradient of the rest is 0 anyway.
  drop(settings_.mask, memory().output, list);
  if (head_weight) drop(settings_.mask, memory().d_linear, list);
}

void ActivatedLayer::backward(const Layer& above, const Descent& descent, TaskList& list) const {
  InputGradient<float> below{
      .below = settings_.activation, .slope = settings_.slope, .output = memory().output, .d_below = memory().d_linear};
  if (slots().batch_norm) {
    const BatchNormViews norm = batch_norm();
    below.normalized = memory().normalized;
    below.inverse_deviation = memory().inverse_deviation;
    below.gamma.value = norm.gamma, below.gamma.gradient = norm.d_gamma;
    below.beta.value = norm.beta, below.beta.gradient = norm.d_beta;
  }
  above.input_gradient(below, descent, "backward", list);
  drop(settings_.mask, memory().d_linear, list, descent.below_column);
}

void ActivatedLayer::tangent(Matrix<const float> input, int first_column, TaskList& list) const {
  if (slots().batch_norm) throw std::logic_error("a tangent of batch norm");
  list.add(linear_tangent_op(),
           {.input = input,
            .weight = product(input, {}).weight,
            .activation = settings_.activation,
            .slope = settings_.slope,
            .first_column = first_column,
            .output = memory().output},
           label("tangent", "linear_tangent"));
  drop(settings_.mask, memory().output, list, first_column);
}

}  // namespace duel

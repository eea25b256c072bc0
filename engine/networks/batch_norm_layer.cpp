#include "engine/networks/batch_norm_layer.h"

#include <stdexcept>

#include "kernels/ops/batch_norm/batch_norm.h"
#include "kernels/ops/batch_norm_gradient/batch_norm_gradient.h"

namespace duel {

Vector<float> BatchNormLayer::inverse_deviation() const {
  const Vector<float> of_two = memory().inverse_deviation;
  return of_two ? of_two.row_range(0, (settings_.split > 0 ? 2 : 1) * slots().channels()) : of_two;
}

void BatchNormLayer::forward(Matrix<const float> input, Vector<const float> head_weight, TaskList& list) const {
  if (head_weight) throw std::logic_error("a head's gradient at batch norm");
  const BatchNormViews norm = batch_norm();
  list.add(batch_norm_op(),
           {.input = input,
            .pixels = slots().pixels,
            .split = settings_.split,
            .gamma = norm.gamma,
            .beta = norm.beta,
            .statistics = settings_.statistics,
            .eps = slots().eps,
            .momentum = settings_.momentum,
            .running_mean = norm.running_mean,
            .running_variance = norm.running_variance,
            .slope = settings_.slope,
            .normalized = memory().normalized,
            .inverse_deviation = inverse_deviation(),
            .output = memory().output,
            .workspace = memory().workspace},
           label("forward", "batch_norm"));
}

void BatchNormLayer::backward(const Layer& above, const Descent& descent, TaskList& list) const {
  above.input_gradient({.slope = settings_.slope, .output = memory().output, .d_below = memory().d_linear}, descent,
                       "backward", list);
}

void BatchNormLayer::input_gradient(InputGradient<float> below, const Descent& descent, const char* pass,
                                    TaskList& list) const {
  if (descent.factor || descent.below_column != descent.first_column) {
    throw std::logic_error("batch norm passes down the gradients of a whole batch as they are");
  }
  const BatchNormViews norm = batch_norm();
  BatchNormGradient<float> gradient{.d_linear = memory().d_linear,
                                    .pixels = slots().pixels,
                                    .split = settings_.split,
                                    .first_column = descent.first_column,
                                    .normalized = memory().normalized,
                                    .inverse_deviation = inverse_deviation(),
                                    .below = below.below,
                                    .slope = below.slope,
                                    .output = output_read(below),
                                    .d_below = below.d_below,
                                    .workspace = memory().workspace};
  gradient.gamma.value = norm.gamma;
  gradient.beta.value = norm.beta;
  if (descent.learns) {
    gradient.gamma.gradient = norm.d_gamma;
    gradient.beta.gradient = norm.d_beta;
  }
  list.add(batch_norm_gradient_op(), gradient, label(pass, "batch_norm_gradient"));
}

}  // namespace duel

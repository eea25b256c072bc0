#include "engine/networks/maxout_layer.h"

#include "kernels/ops/linear_tangent/linear_tangent.h"
#include "kernels/ops/maxout/maxout.h"

namespace duel {

void MaxoutLayer::forward(Matrix<const float> input, Vector<const float> head_weight, TaskList& list) const {
  list.add(linear_forward_op(), product(input, memory().linear), label("forward", "linear_forward"));
  list.add(maxout_forward_op(),
           {.linear = memory().linear,
            .pieces = slots().pieces,
            .mask = mask_,
            .output = memory().output,
            .winner = memory().winner,
            .head_weight = head_weight,
            .unit_gradient = head_weight ? memory().d_linear : Matrix<float>{}},
           label("forward", "maxout"));
}

void MaxoutLayer::backward(const Layer& above, const Descent& descent, TaskList& list) const {
  const InputGradient<float> alone{.slope = 1, .output = memory().output, .d_below = memory().d_output};
  above.input_gradient(alone, descent, "backward", list);
  list.add(maxout_backward_op(),
           {.d_output = memory().d_output,
            .pieces = slots().pieces,
            .mask = mask_,
            .winner = memory().winner,
            .d_linear = memory().d_linear},
           label("backward", "maxout"));
}

void MaxoutLayer::tangent(Matrix<const float> input, int first_column, TaskList& list) const {
  list.add(
      linear_tangent_op(),
      {.input = input, .weight = linear().weight, .slope = 1, .first_column = first_column, .output = memory().linear},
      label("tangent", "linear_tangent"));
  list.add(maxout_tangent_op(),
           {.linear = memory().linear,
            .pieces = slots().pieces,
            .mask = mask_,
            .winner = memory().winner,
            .first_column = first_column,
            .output = memory().output},
           label("tangent", "maxout"));
}

}  // namespace duel

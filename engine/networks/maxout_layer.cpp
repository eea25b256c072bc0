#include "engine/networks/maxout_layer.h"

#include <stdexcept>

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

void MaxoutLayer::backward(InputGradient<float> product, std::string above, TaskList& list) const {
  product.slope = 1;  // the product alone
  product.output = memory().output;
  product.d_below = memory().d_output;
  list.add(input_gradient_op(), product, std::move(above));
  list.add(maxout_backward_op(),
           {.d_output = memory().d_output,
            .pieces = slots().pieces,
            .mask = mask_,
            .winner = memory().winner,
            .d_linear = memory().d_linear},
           label("backward", "maxout"));
}

void MaxoutLayer::tangent(Matrix<const float>, int, TaskList&) const {
  throw std::logic_error("a tangent of maxout");
}

}  // namespace duel

#include "engine/networks/maxout_layer.h"

#include "kernels/ops/fused_maxout/fused_maxout.h"

namespace duel {

void MaxoutLayer::forward(Matrix<const float> input, Vector<const float> head_weight, TaskList& list) const {
  list.add(fused_forward_op(), product(input, memory().linear), label("forward", "fused_forward"));
  list.add(fused_maxout_forward_op(),
           {.linear = memory().linear,
            .pieces = slots().pieces,
            .mask = mask_,
            .output = memory().output,
            .winner = memory().winner,
            .head_weight = head_weight,
            .unit_gradient = head_weight ? memory().d_linear : Matrix<float>{}},
           label("forward", "fused_maxout"));
}

void MaxoutLayer::backward(FusedGradient<float> product, std::string above, TaskList& list) const {
  product.slope = 1;  // the product alone
  product.output = memory().output;
  product.d_below = memory().d_output;
  list.add(fused_gradient_op(), product, std::move(above));
  list.add(fused_maxout_backward_op(),
           {.d_output = memory().d_output,
            .pieces = slots().pieces,
            .mask = mask_,
            .winner = memory().winner,
            .d_linear = memory().d_linear},
           label("backward", "fused_maxout"));
}

}  // namespace duel

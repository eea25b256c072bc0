// Every op there is, by name. A list in code, so that nothing registers itself behind anybody's back.
#pragma once

#include "kernels/ops/advance_optimizer/advance_optimizer.h"
#include "kernels/ops/count_in_rows/count_in_rows.h"
#include "kernels/ops/end_iteration/end_iteration.h"
#include "kernels/ops/flat_update/flat_update.h"
#include "kernels/ops/fused_dropout/fused_dropout.h"
#include "kernels/ops/fused_forward/fused_forward.h"
#include "kernels/ops/fused_gradient/fused_gradient.h"
#include "kernels/ops/fused_head/fused_head.h"
#include "kernels/ops/fused_inputs/fused_inputs.h"
#include "kernels/ops/fused_losses/fused_losses.h"
#include "kernels/ops/fused_maxout/fused_maxout.h"
#include "kernels/ops/fused_scale/fused_scale.h"
#include "kernels/ops/fused_update/fused_update.h"
#include "kernels/ops/latent_normal/latent_normal.h"
#include "kernels/ops/latent_uniform/latent_uniform.h"
#include "kernels/ops/log_sum_exp_rows/log_sum_exp_rows.h"
#include "kernels/ops/moving_average/moving_average.h"
#include "kernels/ops/smallest_in_rows/smallest_in_rows.h"
#include "kernels/ops/softmax_cross_entropy/softmax_cross_entropy.h"
#include "kernels/ops/squared_distances/squared_distances.h"
#include "kernels/ops/transpose/transpose.h"

namespace duel {

/// Calls visitor(op) for the Op of every kind of arguments.
template <class Visitor>
void for_each_op(Visitor&& visitor) {
  visitor(softmax_cross_entropy_op());
  visitor(advance_optimizer_op());
  for_each_unit(Optimizers(), [&](auto unit) { visitor(flat_update_op<decltype(unit)>()); });
  visitor(moving_average_op());
  visitor(latent_normal_op());
  visitor(latent_uniform_op());
  visitor(end_iteration_op());
  visitor(fused_inputs_op());
  visitor(fused_forward_op());
  visitor(fused_maxout_forward_op());
  visitor(fused_maxout_backward_op());
  visitor(fused_dropout_op());
  visitor(fused_head_op());
  visitor(fused_losses_op());
  visitor(fused_scale_op());
  visitor(fused_gradient_op());
  visitor(fused_update_op());
  visitor(transpose_op());
  visitor(squared_distances_op());
  visitor(smallest_in_rows_op());
  visitor(count_in_rows_op());
  visitor(log_sum_exp_rows_op());
}

}  // namespace duel

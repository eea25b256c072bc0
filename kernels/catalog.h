// Public. Every op there is, by name. A list in code, so that nothing registers itself behind anybody's back.
#pragma once

#include "kernels/ops/advance_optimizer/advance_optimizer.h"
#include "kernels/ops/batch_inputs/batch_inputs.h"
#include "kernels/ops/batch_norm/batch_norm.h"
#include "kernels/ops/batch_norm_gradient/batch_norm_gradient.h"
#include "kernels/ops/class_rows/class_rows.h"
#include "kernels/ops/convolution/convolution.h"
#include "kernels/ops/convolution_input_gradient/convolution_input_gradient.h"
#include "kernels/ops/convolution_weight_gradient/convolution_weight_gradient.h"
#include "kernels/ops/count_in_rows/count_in_rows.h"
#include "kernels/ops/discriminator_head/discriminator_head.h"
#include "kernels/ops/dropout/dropout.h"
#include "kernels/ops/end_iteration/end_iteration.h"
#include "kernels/ops/flat_update/flat_update.h"
#include "kernels/ops/gradient_penalty/gradient_penalty.h"
#include "kernels/ops/input_gradient/input_gradient.h"
#include "kernels/ops/label_embedding/label_embedding.h"
#include "kernels/ops/latent_normal/latent_normal.h"
#include "kernels/ops/latent_uniform/latent_uniform.h"
#include "kernels/ops/linear_forward/linear_forward.h"
#include "kernels/ops/linear_tangent/linear_tangent.h"
#include "kernels/ops/log_sum_exp_rows/log_sum_exp_rows.h"
#include "kernels/ops/maxout/maxout.h"
#include "kernels/ops/mean_losses/mean_losses.h"
#include "kernels/ops/moving_average/moving_average.h"
#include "kernels/ops/scale_columns/scale_columns.h"
#include "kernels/ops/smallest_in_rows/smallest_in_rows.h"
#include "kernels/ops/softmax_cross_entropy/softmax_cross_entropy.h"
#include "kernels/ops/spectral_norm/spectral_norm.h"
#include "kernels/ops/squared_distances/squared_distances.h"
#include "kernels/ops/transpose/transpose.h"
#include "kernels/ops/weight_gradient/weight_gradient.h"

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
  visitor(batch_inputs_op());
  visitor(class_rows_op());
  visitor(linear_forward_op());
  visitor(convolution_op());
  visitor(convolution_input_gradient_op());
  visitor(convolution_weight_gradient_op());
  visitor(batch_norm_op());
  visitor(batch_norm_gradient_op());
  visitor(label_embedding_op());
  visitor(label_embedding_gradient_op());
  visitor(spectral_norm_op());
  visitor(spectral_norm_gradient_op());
  visitor(maxout_forward_op());
  visitor(maxout_backward_op());
  visitor(maxout_tangent_op());
  visitor(dropout_op());
  visitor(discriminator_head_op());
  visitor(linear_tangent_op());
  visitor(penalty_points_op());
  visitor(penalty_terms_op());
  visitor(mean_losses_op());
  visitor(scale_columns_op());
  visitor(input_gradient_op());
  visitor(weight_gradient_op());
  visitor(transpose_op());
  visitor(squared_distances_op());
  visitor(smallest_in_rows_op());
  visitor(count_in_rows_op());
  visitor(log_sum_exp_rows_op());
}

}  // namespace duel

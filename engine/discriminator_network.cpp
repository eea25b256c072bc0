#include "engine/discriminator_network.h"

#include "engine/layer_range.h"
#include "kernels/linear_lrelu/linear_lrelu.h"
#include "kernels/runtime/range.h"

namespace duel {
namespace {

Vector<float> as_vector(Matrix<float> row) {
  return {row.data, row.columns, 1};
}  // the head's [1, in] weight

}  // namespace

void DiscriminatorNetwork::enqueue_forward(Matrix<const float> images, const LossTargets& targets,
                                           Vector<float> statistics, StreamView stream) const {
  const Range network("discriminator");
  const int rows = images.rows;
  Matrix<const float> input = images;
  for (std::size_t i = 0; i < activations.hidden.size(); ++i) {
    const LinearViews linear = linear_views(state, layout.layers[i]);
    const Matrix<float> output = activations.hidden[i].output.row_range(0, rows);
    const Range range(layer_range("forward", i, "linear_lrelu", layout.layers[i]));
    kernels.run(
        linear_lrelu_forward_op(),
        {.input = input, .weight = linear.weight, .bias = linear.bias, .slope = config.leaky_slope, .output = output},
        stream);
    input = output;
  }
  const LinearViews head = linear_views(state, layout.layers.back());
  const Range range(layer_range("forward", layout.layers.size() - 1, "linear_sigmoid_bce", layout.layers.back()));
  kernels.run(linear_sigmoid_bce_forward_op(),
              {.input = input,
               .weight = as_vector(head.weight),
               .bias = head.bias,
               .form = targets.form,
               .real_rows = targets.real_rows,
               .real = targets.real,
               .generated = targets.generated,
               .logit = activations.logit.row_range(0, rows),
               .probability = activations.probability.row_range(0, rows),
               .statistics = statistics},
              stream);
}

void DiscriminatorNetwork::enqueue_image_gradient(Matrix<const float> images, const LossTargets& targets,
                                                  Matrix<float> d_images, StreamView stream) const {
  enqueue_backward(images, targets, d_images, false, stream);
}

void DiscriminatorNetwork::enqueue_parameter_gradients(Matrix<const float> images, const LossTargets& targets,
                                                       StreamView stream) const {
  enqueue_backward(images, targets, {}, true, stream);
}

void DiscriminatorNetwork::enqueue_backward(Matrix<const float> images, const LossTargets& targets,
                                            Matrix<float> d_images, bool parameters, StreamView stream) const {
  const Range network("discriminator");
  const int rows = images.rows;
  const std::size_t last = layout.layers.size() - 1;
  const auto& top = activations.hidden.back();
  const LinearViews head = linear_views(state, layout.layers[last]);
  {
    const Range range(layer_range("backward", last, "linear_sigmoid_bce", layout.layers[last]));
    kernels.run(linear_sigmoid_bce_backward_op(),
                {.input = top.output.row_range(0, rows),
                 .weight = as_vector(head.weight),
                 .probability = activations.probability.row_range(0, rows),
                 .form = targets.form,
                 .real_rows = targets.real_rows,
                 .real = targets.real,
                 .generated = targets.generated,
                 .d_logit = activations.d_logit.row_range(0, rows),
                 .d_input = top.d_output.row_range(0, rows),
                 .d_weight = parameters ? as_vector(head.d_weight) : Vector<float>{},
                 .d_bias = parameters ? head.d_bias : Vector<float>{}},
                stream);
  }
  for (std::size_t i = last; i-- > 0;) {
    const LinearViews linear = linear_views(state, layout.layers[i]);
    const auto& hidden = activations.hidden[i];
    const Range range(layer_range("backward", i, "linear_lrelu", layout.layers[i]));
    kernels.run(linear_lrelu_backward_op(),
                {.input = i == 0 ? images : Matrix<const float>(activations.hidden[i - 1].output.row_range(0, rows)),
                 .weight = linear.weight,
                 .output = hidden.output.row_range(0, rows),
                 .d_output = hidden.d_output.row_range(0, rows),
                 .slope = config.leaky_slope,
                 .d_linear = hidden.d_linear.row_range(0, rows),
                 .d_input = i == 0 ? d_images : activations.hidden[i - 1].d_output.row_range(0, rows),
                 .d_weight = parameters ? linear.d_weight : Matrix<float>{},
                 .d_bias = parameters ? linear.d_bias : Vector<float>{}},
                stream);
  }
}

}  // namespace duel

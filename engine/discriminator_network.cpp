#include "engine/discriminator_network.h"

#include "engine/layer_range.h"
#include "kernels/dropout/dropout.h"
#include "kernels/linear_lrelu/linear_lrelu.h"
#include "kernels/linear_maxout/linear_maxout.h"
#include "kernels/runtime/range.h"

namespace duel {
namespace {

Vector<float> as_vector(Matrix<float> row) {
  return {row.data, row.columns, 1};
}  // the head's [1, in] weight

}  // namespace

void DiscriminatorNetwork::enqueue_dropout(const DropoutMasks& masks, std::size_t layer, Matrix<const float> from,
                                           Matrix<float> to, StreamView stream) const {
  const DropoutMask<float> mask = dropout_mask(config, masks, layer);
  if (!mask.clock) return;
  const Range range("dropout before layer " + std::to_string(layer));
  kernels.run(dropout_op(), {.input = from, .mask = mask, .output = to}, stream);
}

Matrix<const float> DiscriminatorNetwork::input_of(const DiscriminatorPass& pass, std::size_t layer) const {
  const int rows = pass.images.rows;
  if (layer > 0) return activations.hidden[layer - 1].output.row_range(0, rows);
  if (dropout_mask(config, pass.masks, 0).clock) return activations.kept_images.row_range(0, rows);
  return pass.images;
}

void DiscriminatorNetwork::enqueue_hidden_forward(const DiscriminatorPass& pass, std::size_t layer,
                                                  StreamView stream) const {
  const int rows = pass.images.rows;
  const LinearViews linear = linear_views(state, layout.layers[layer]);
  const auto& hidden = activations.hidden[layer];
  const Matrix<float> output = hidden.output.row_range(0, rows);
  if (config.discriminator_unit == DiscriminatorUnit::maxout) {
    const Range range(layer_range("forward", layer, "linear_maxout", layout.layers[layer]));
    kernels.run(linear_maxout_forward_op(),
                {.input = input_of(pass, layer),
                 .weight = linear.weight,
                 .bias = linear.bias,
                 .pieces = config.maxout_pieces,
                 .linear = hidden.d_linear.row_range(0, rows),
                 .output = output,
                 .winner = hidden.winner.row_range(0, rows)},
                stream);
  } else {
    const Range range(layer_range("forward", layer, "linear_lrelu", layout.layers[layer]));
    kernels.run(linear_lrelu_forward_op(),
                {.input = input_of(pass, layer),
                 .weight = linear.weight,
                 .bias = linear.bias,
                 .slope = config.leaky_slope,
                 .output = output},
                stream);
  }
  // In place: the backward pass reads the sign of what was kept, and the gradient of the rest is 0 anyway.
  enqueue_dropout(pass.masks, layer + 1, output, output, stream);
}

void DiscriminatorNetwork::enqueue_forward(const DiscriminatorPass& pass, Vector<float> statistics,
                                           StreamView stream) const {
  const Range network("discriminator");
  const int rows = pass.images.rows;
  const std::size_t last = activations.hidden.size();
  if (dropout_mask(config, pass.masks, 0).clock) {
    enqueue_dropout(pass.masks, 0, pass.images, activations.kept_images.row_range(0, rows), stream);
  }
  for (std::size_t layer = 0; layer < last; ++layer) enqueue_hidden_forward(pass, layer, stream);
  const LinearViews head = linear_views(state, layout.layers.back());
  const Range range(layer_range("forward", last, "linear_sigmoid_bce", layout.layers.back()));
  kernels.run(linear_sigmoid_bce_forward_op(),
              {.input = input_of(pass, last),
               .weight = as_vector(head.weight),
               .bias = head.bias,
               .loss = pass.loss,
               .score = activations.score.row_range(0, rows),
               .judgement = activations.judgement.row_range(0, rows),
               .statistics = statistics},
              stream);
}

void DiscriminatorNetwork::enqueue_image_gradient(const DiscriminatorPass& pass, Matrix<float> d_images,
                                                  StreamView stream) const {
  enqueue_backward(pass, d_images, false, stream);
}

void DiscriminatorNetwork::enqueue_parameter_gradients(const DiscriminatorPass& pass, StreamView stream) const {
  enqueue_backward(pass, {}, true, stream);
}

void DiscriminatorNetwork::enqueue_backward(const DiscriminatorPass& pass, Matrix<float> d_images, bool parameters,
                                            StreamView stream) const {
  const Range network("discriminator");
  const int rows = pass.images.rows;
  const std::size_t last = activations.hidden.size();
  const LinearViews head = linear_views(state, layout.layers[last]);
  {
    const Range range(layer_range("backward", last, "linear_sigmoid_bce", layout.layers[last]));
    kernels.run(linear_sigmoid_bce_backward_op(),
                {.input = input_of(pass, last),
                 .weight = as_vector(head.weight),
                 .score = activations.score.row_range(0, rows),
                 .judgement = activations.judgement.row_range(0, rows),
                 .loss = pass.loss,
                 .d_score = activations.d_score.row_range(0, rows),
                 .d_input = activations.hidden.back().d_output.row_range(0, rows),
                 .d_weight = parameters ? as_vector(head.d_weight) : Vector<float>{},
                 .d_bias = parameters ? head.d_bias : Vector<float>{}},
                stream);
  }
  for (std::size_t layer = last; layer-- > 0;) enqueue_hidden_backward(pass, layer, d_images, parameters, stream);
  if (d_images) enqueue_dropout(pass.masks, 0, d_images, d_images, stream);
}

void DiscriminatorNetwork::enqueue_hidden_backward(const DiscriminatorPass& pass, std::size_t layer,
                                                   Matrix<float> d_images, bool parameters, StreamView stream) const {
  const int rows = pass.images.rows;
  const LinearViews linear = linear_views(state, layout.layers[layer]);
  const auto& hidden = activations.hidden[layer];
  const Matrix<float> d_output = hidden.d_output.row_range(0, rows), d_linear = hidden.d_linear.row_range(0, rows);
  const Matrix<float> d_input = layer == 0 ? d_images : activations.hidden[layer - 1].d_output.row_range(0, rows);
  const Matrix<float> d_weight = parameters ? linear.d_weight : Matrix<float>{};
  const Vector<float> d_bias = parameters ? linear.d_bias : Vector<float>{};
  enqueue_dropout(pass.masks, layer + 1, d_output, d_output, stream);
  if (config.discriminator_unit == DiscriminatorUnit::maxout) {
    const Range range(layer_range("backward", layer, "linear_maxout", layout.layers[layer]));
    kernels.run(linear_maxout_backward_op(),
                {.input = input_of(pass, layer),
                 .weight = linear.weight,
                 .pieces = config.maxout_pieces,
                 .winner = hidden.winner.row_range(0, rows),
                 .d_output = d_output,
                 .d_linear = d_linear,
                 .d_input = d_input,
                 .d_weight = d_weight,
                 .d_bias = d_bias},
                stream);
    return;
  }
  const Range range(layer_range("backward", layer, "linear_lrelu", layout.layers[layer]));
  kernels.run(linear_lrelu_backward_op(),
              {.input = input_of(pass, layer),
               .weight = linear.weight,
               .output = hidden.output.row_range(0, rows),
               .d_output = d_output,
               .slope = config.leaky_slope,
               .d_linear = d_linear,
               .d_input = d_input,
               .d_weight = d_weight,
               .d_bias = d_bias},
              stream);
}

}  // namespace duel

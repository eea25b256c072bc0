#include "engine/generator_network.h"

#include "engine/layer_range.h"
#include "kernels/linear_lrelu/linear_lrelu.h"
#include "kernels/linear_sigmoid/linear_sigmoid.h"
#include "kernels/linear_tanh/linear_tanh.h"
#include "kernels/runtime/range.h"

namespace duel {
namespace {

/// Calls use(name, forward op, backward op) for the last layer's activation.
void with_head(const NetworkConfig& config, const auto& use) {
  if (config.image_head == ImageHead::sigmoid) {
    use("linear_sigmoid", linear_sigmoid_forward_op(), linear_sigmoid_backward_op());
  } else {
    use("linear_tanh", linear_tanh_forward_op(), linear_tanh_backward_op());
  }
}

}  // namespace

void GeneratorNetwork::enqueue_forward(Matrix<const float> latents, Matrix<float> images, StreamView stream) const {
  const Range network("generator");
  const int batch = latents.rows;
  Matrix<const float> input = latents;
  for (std::size_t i = 0; i < activations.hidden.size(); ++i) {
    const LayerSlots& layer = layout.layers[i];
    const auto& hidden = activations.hidden[i];
    const LinearViews linear = linear_views(state, layer);
    const Matrix<float> output = hidden.output.row_range(0, batch);
    if (layer.batch_norm) {
      const BatchNormViews norm = batch_norm_views(state, layer);
      const Range range(layer_range("forward", i, "linear_bn_lrelu", layer));
      kernels.run(linear_bn_lrelu_forward_op(),
                  {.input = input,
                   .weight = linear.weight,
                   .bias = linear.bias,
                   .gamma = norm.gamma,
                   .beta = norm.beta,
                   .eps = config.batch_norm_eps,
                   .momentum = config.batch_norm_momentum,
                   .slope = config.leaky_slope,
                   .running_mean = norm.running_mean,
                   .running_variance = norm.running_variance,
                   .normalized = hidden.normalized.row_range(0, batch),
                   .inverse_deviation = hidden.inverse_deviation,
                   .output = output},
                  stream);
    } else {
      const Range range(layer_range("forward", i, "linear_lrelu", layer));
      kernels.run(
          linear_lrelu_forward_op(),
          {.input = input, .weight = linear.weight, .bias = linear.bias, .slope = config.leaky_slope, .output = output},
          stream);
    }
    input = output;
  }
  const LinearViews head = linear_views(state, layout.layers.back());
  with_head(config, [&](const char* name, const auto& op, const auto&) {
    const Range range(layer_range("forward", layout.layers.size() - 1, name, layout.layers.back()));
    kernels.run(op, {.input = input, .weight = head.weight, .bias = head.bias, .output = images}, stream);
  });
}

void GeneratorNetwork::enqueue_backward(Matrix<const float> latents, Matrix<const float> images,
                                        Matrix<const float> d_images, StreamView stream) const {
  const Range network("generator");
  const int batch = latents.rows;
  // Input of layer i, and where its gradient goes: nowhere for the latents.
  const auto input_of = [&](std::size_t i) -> Matrix<const float> {
    if (i == 0) return latents;
    return activations.hidden[i - 1].output.row_range(0, batch);
  };
  const auto d_input_of = [&](std::size_t i) -> Matrix<float> {
    if (i == 0) return {};
    return activations.hidden[i - 1].d_output.row_range(0, batch);
  };

  const std::size_t last = layout.layers.size() - 1;
  const LinearViews head = linear_views(state, layout.layers[last]);
  with_head(config, [&](const char* name, const auto&, const auto& op) {
    const Range range(layer_range("backward", last, name, layout.layers[last]));
    kernels.run(op,
                {.input = input_of(last),
                 .weight = head.weight,
                 .output = images,
                 .d_output = d_images,
                 .d_linear = activations.d_linear_head.row_range(0, batch),
                 .d_input = d_input_of(last),
                 .d_weight = head.d_weight,
                 .d_bias = head.d_bias},
                stream);
  });
  for (std::size_t i = last; i-- > 0;) {
    const LayerSlots& layer = layout.layers[i];
    const auto& hidden = activations.hidden[i];
    const LinearViews linear = linear_views(state, layer);
    const Matrix<float> output = hidden.output.row_range(0, batch), d_output = hidden.d_output.row_range(0, batch);
    if (layer.batch_norm) {
      const BatchNormViews norm = batch_norm_views(state, layer);
      const Range range(layer_range("backward", i, "linear_bn_lrelu", layer));
      kernels.run(linear_bn_lrelu_backward_op(),
                  {.input = input_of(i),
                   .weight = linear.weight,
                   .gamma = norm.gamma,
                   .normalized = hidden.normalized.row_range(0, batch),
                   .inverse_deviation = hidden.inverse_deviation,
                   .output = output,
                   .d_output = d_output,
                   .slope = config.leaky_slope,
                   .d_linear = hidden.d_linear.row_range(0, batch),
                   .d_input = d_input_of(i),
                   .d_weight = linear.d_weight,
                   .d_bias = linear.d_bias,
                   .d_gamma = norm.d_gamma,
                   .d_beta = norm.d_beta},
                  stream);
    } else {
      const Range range(layer_range("backward", i, "linear_lrelu", layer));
      kernels.run(linear_lrelu_backward_op(),
                  {.input = input_of(i),
                   .weight = linear.weight,
                   .output = output,
                   .d_output = d_output,
                   .slope = config.leaky_slope,
                   .d_linear = hidden.d_linear.row_range(0, batch),
                   .d_input = d_input_of(i),
                   .d_weight = linear.d_weight,
                   .d_bias = linear.d_bias},
                  stream);
    }
  }
}

}  // namespace duel

#include "engine/quality/classifier_network.h"

#include "engine/layer_range.h"
#include "kernels/linear_lrelu/linear_lrelu.h"
#include "kernels/runtime/range.h"

namespace duel {
namespace {

// A slope of 1 makes LeakyReLU the identity to the last bit, in both directions: the logits are a plain linear layer.
float slope_of(const NetworkLayout& layout, std::size_t layer) {
  return layer + 1 == layout.layers.size() ? 1.f : 0.2f;
}

}  // namespace

Matrix<const float> ClassifierNetwork::input_of(std::size_t layer, int rows) const {
  return (layer == 0 ? activations.images : activations.layers[layer - 1].output).row_range(0, rows);
}

void ClassifierNetwork::enqueue_logits(int rows, StreamView stream) const {
  for (std::size_t i = 0; i < layout.layers.size(); ++i) {
    const LinearViews linear = linear_views(state, layout.layers[i]);
    const Range range(layer_range("forward", i, "linear_lrelu", layout.layers[i]));
    kernels.run(linear_lrelu_forward_op(),
                {.input = input_of(i, rows),
                 .weight = linear.weight,
                 .bias = linear.bias,
                 .slope = slope_of(layout, i),
                 .output = activations.layers[i].output.row_range(0, rows)},
                stream);
  }
}

void ClassifierNetwork::enqueue_forward(int rows, StreamView stream) const {
  const Range network("classifier");
  enqueue_logits(rows, stream);
  kernels.run(softmax_cross_entropy_op(),
              {.logits = activations.layers.back().output.row_range(0, rows),
               .labels = {},
               .probabilities = activations.probabilities.row_range(0, rows),
               .d_logits = {},
               .statistics = {}},
              stream);
}

void ClassifierNetwork::enqueue_judgement(int rows, Vector<float> statistics, StreamView stream) const {
  const Range network("classifier");
  enqueue_logits(rows, stream);
  const auto& head = activations.layers.back();
  kernels.run(softmax_cross_entropy_op(),
              {.logits = head.output.row_range(0, rows),
               .labels = activations.labels.row_range(0, rows),
               .probabilities = activations.probabilities.row_range(0, rows),
               .d_logits = head.d_output ? head.d_output.row_range(0, rows) : Matrix<float>{},
               .statistics = statistics},
              stream);
}

void ClassifierNetwork::enqueue_gradients(int rows, Vector<float> statistics, StreamView stream) const {
  enqueue_judgement(rows, statistics, stream);
  const Range network("classifier");
  for (std::size_t i = layout.layers.size(); i-- > 0;) {
    const LinearViews linear = linear_views(state, layout.layers[i]);
    const auto& layer = activations.layers[i];
    const Range range(layer_range("backward", i, "linear_lrelu", layout.layers[i]));
    kernels.run(linear_lrelu_backward_op(),
                {.input = input_of(i, rows),
                 .weight = linear.weight,
                 .output = layer.output.row_range(0, rows),
                 .d_output = layer.d_output.row_range(0, rows),
                 .slope = slope_of(layout, i),
                 .d_linear = layer.d_linear.row_range(0, rows),
                 .d_input = i == 0 ? Matrix<float>{} : activations.layers[i - 1].d_output.row_range(0, rows),
                 .d_weight = linear.d_weight,
                 .d_bias = linear.d_bias},
                stream);
  }
}

}  // namespace duel

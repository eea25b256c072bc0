#include "engine/networks/forward_pass.h"

#include "engine/networks/layer_arguments.h"
#include "engine/networks/layer_range.h"

namespace duel {
namespace {

void add_batch_norm(const GeneratorPass& pass, std::size_t i, FusedForward<float>& forward) {
  const BatchNormViews norm = batch_norm_views(pass.state, pass.layout.layers[i]);
  forward.gamma = norm.gamma;
  forward.beta = norm.beta;
  forward.statistics = pass.statistics;
  forward.eps = pass.networks.batch_norm_eps;
  forward.momentum = pass.momentum;
  forward.running_mean = norm.running_mean;
  forward.running_variance = norm.running_variance;
  if (pass.statistics == BatchStatistics::running) return;
  forward.normalized = pass.activations.generator[i].normalized;
  forward.inverse_deviation = pass.activations.generator[i].inverse_deviation;
}

}  // namespace

Activation image_activation(const NetworkConfig& networks) {
  return networks.image_head == ImageHead::sigmoid ? Activation::sigmoid : Activation::tanh;
}

void record_generator(const GeneratorPass& pass, TaskList& list) {
  const auto section = list.section("generator");
  const std::size_t last = pass.layout.layers.size() - 1;
  Matrix<const float> input = pass.activations.latents;
  for (std::size_t i = 0; i <= last; ++i) {
    const LayerSlots& layer = pass.layout.layers[i];
    const Matrix<float> output = i == last ? pass.activations.images : pass.activations.generator[i].output;
    FusedForward<float> forward = layer_forward(pass.state, layer, input, pass.networks.leaky_slope, output);
    if (layer.batch_norm) add_batch_norm(pass, i, forward);
    if (i == last) {
      forward.activation = image_activation(pass.networks);
      forward.first_column = pass.first_column;
    }
    list.add(fused_forward_op(), forward, layer_range("forward", i, "fused_forward", layer));
    input = output;
  }
}

}  // namespace duel

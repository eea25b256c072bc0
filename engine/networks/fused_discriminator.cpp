#include "engine/networks/fused_discriminator.h"

#include <string>

#include "engine/networks/layer_arguments.h"
#include "engine/networks/layer_range.h"
#include "kernels/ops/fused_dropout/fused_dropout.h"
#include "kernels/ops/fused_maxout/fused_maxout.h"

namespace duel {

Matrix<const float> FusedDiscriminator::input(std::size_t layer) const {
  if (layer > 0) return activations_.discriminator[layer - 1].output;
  return activations_.kept_images ? activations_.kept_images : activations_.images;
}

Vector<const float> FusedDiscriminator::head_weight() const {
  const Matrix<float> weight = linear(layers().size() - 1).weight;
  return {weight.data, weight.columns};
}

// Of what follows a product at once: before maxout nothing does, and a slope of 1 changes no bit.
float FusedDiscriminator::slope() const {
  return has_maxout() ? 1.f : networks_.leaky_slope;
}

bool FusedDiscriminator::leaves_unit_gradient(std::size_t layer) const {
  return layer + 1 == activations_.discriminator.size() && activations_.discriminator[layer].unit_gradient;
}

void FusedDiscriminator::drop(std::size_t layer, Matrix<const float> from, Matrix<float> to, int first) {
  DropoutMask<float> mask = dropout_mask(networks_, masks_, layer);
  if (!mask.clock) return;
  mask.first_sample += first;
  list_.add(fused_dropout_op(), {from, mask, to}, "dropout before layer " + std::to_string(layer));
}

void FusedDiscriminator::forward() {
  const auto section = list_.section("discriminator");
  drop(0, activations_.images, activations_.kept_images);
  for (std::size_t layer = 0; layer < activations_.discriminator.size(); ++layer) {
    const auto& hidden = activations_.discriminator[layer];
    FusedForward<float> product =
        layer_forward(state_, layers()[layer], input(layer), slope(), has_maxout() ? hidden.d_linear : hidden.output);
    if (!has_maxout() && leaves_unit_gradient(layer)) {
      product.head_weight = head_weight();
      product.unit_gradient = hidden.unit_gradient;
    }
    list_.add(fused_forward_op(), product, layer_range("forward", layer, "fused_forward", layers()[layer]));
    forward_unit(layer);
  }
}

void FusedDiscriminator::forward_unit(std::size_t layer) {
  const auto& hidden = activations_.discriminator[layer];
  const bool leaves = leaves_unit_gradient(layer);
  if (has_maxout()) {
    list_.add(fused_maxout_forward_op(),
              {.linear = hidden.d_linear,
               .pieces = layers()[layer].pieces,
               .mask = dropout_mask(networks_, masks_, layer + 1),
               .output = hidden.output,
               .winner = hidden.winner,
               .head_weight = leaves ? head_weight() : Vector<const float>{},
               .unit_gradient = leaves ? hidden.unit_gradient : Matrix<float>{}},
              layer_range("forward", layer, "fused_maxout", layers()[layer]));
    return;
  }
  // In place: the backward pass reads the sign of what was kept, and the gradient of the rest is 0 anyway.
  drop(layer + 1, hidden.output, hidden.output);
  if (leaves) drop(layer + 1, hidden.unit_gradient, hidden.unit_gradient);
}

void FusedDiscriminator::unit_gradients() {
  const auto section = list_.section("discriminator");
  for (std::size_t layer = activations_.discriminator.size() - 1; layer > 0; --layer) {
    const auto& below = activations_.discriminator[layer - 1];
    list_.add(fused_gradient_op(),
              {.weight = linear(layer).weight,
               .d_linear = activations_.discriminator[layer].unit_gradient,
               .slope = slope(),
               .output = below.output,
               .d_below = has_maxout() ? below.d_output : below.unit_gradient},
              layer_range("backward", layer, "fused_gradient", layers()[layer]));
    backward_unit(layer - 1);
  }
}

void FusedDiscriminator::backward_unit(std::size_t layer) {
  const auto& hidden = activations_.discriminator[layer];
  if (!has_maxout()) return drop(layer + 1, hidden.unit_gradient, hidden.unit_gradient);
  list_.add(fused_maxout_backward_op(),
            {.d_output = hidden.d_output,
             .pieces = layers()[layer].pieces,
             .mask = dropout_mask(networks_, masks_, layer + 1),
             .winner = hidden.winner,
             .d_linear = hidden.unit_gradient},
            layer_range("backward", layer, "fused_maxout", layers()[layer]));
}

void FusedDiscriminator::gradient_of_images(Activation of_images) {
  const auto section = list_.section("discriminator");
  list_.add(fused_gradient_op(),
            {.weight = linear(0).weight,
             .first_column = real_,
             .d_linear = activations_.discriminator.front().unit_gradient,
             .factor = activations_.d_generator,
             .below = of_images,
             .slope = networks_.leaky_slope,
             .output = activations_.images,
             .d_below = activations_.d_images},
            layer_range("backward", 0, "fused_gradient", layers().front()));
  drop(0, activations_.d_images, activations_.d_images, real_);
}

void FusedDiscriminator::scale_unit_gradients() {
  const auto section = list_.section("discriminator");
  for (std::size_t layer = 0; layer < activations_.discriminator.size(); ++layer) {
    const auto& hidden = activations_.discriminator[layer];
    list_.add(fused_scale_op(),
              {.gradient = hidden.unit_gradient, .factor = activations_.d_discriminator, .output = hidden.d_linear},
              layer_range("scale", layer, "fused_scale", layers()[layer]));
  }
}

}  // namespace duel

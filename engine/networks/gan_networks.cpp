#include "engine/networks/gan_networks.h"

#include "engine/networks/activated_layer.h"
#include "engine/networks/batch_norm_layer.h"
#include "engine/networks/convolution_layer.h"
#include "engine/networks/maxout_layer.h"

namespace duel {

namespace {

BatchNormLayer::Settings norm_settings(const NormMode& mode, float slope) {
  return {.slope = slope, .split = mode.split, .statistics = mode.statistics, .momentum = mode.momentum};
}

}  // namespace

// Hidden layers have LeakyReLU; in a network of images it follows batch norm where that follows a convolution.
Layers generator_layers(const NetworkConfig& networks, const NetworkLayout& layout, const NetworkState& state,
                        const std::vector<LayerMemory>& memory, const NormMode& mode, int first_column) {
  const Activation head = networks.image_head == ImageHead::sigmoid ? Activation::sigmoid : Activation::tanh;
  Layers layers;
  for (std::size_t i = 0; i < memory.size(); ++i) {
    const LayerSlots& slots = layout.layers[i];
    const bool is_last = i + 1 == memory.size();
    const Activation activation = is_last ? head : Activation::leaky_relu;
    const int column = is_last ? first_column : 0;
    const bool is_followed_by_norm = !is_last && layout.layers[i + 1].kind == LayerKind::batch_norm;
    switch (slots.kind) {
      case LayerKind::linear: {
        const bool is_image = networks.kind == NetworkKind::dcgan;  // whose norm has no activation, either
        layers.push_back(
            std::make_unique<ActivatedLayer>(i, slots, state, memory[i],
                                             ActivatedLayer::Settings{.activation = activation,
                                                                      .slope = is_image ? 1 : networks.leaky_slope,
                                                                      .statistics = mode.statistics,
                                                                      .momentum = mode.momentum,
                                                                      .first_column = column}));
        break;
      }
      case LayerKind::convolution:
        layers.push_back(std::make_unique<ConvolutionLayer>(
            i, slots, state, memory[i],
            ConvolutionLayer::Settings{.activation = activation,
                                       .slope = is_followed_by_norm ? 1 : networks.leaky_slope,
                                       .first_column = column}));
        break;
      case LayerKind::batch_norm: {
        const bool is_of_linear = layout.layers[i - 1].kind == LayerKind::linear;
        layers.push_back(std::make_unique<BatchNormLayer>(
            i, slots, state, memory[i], norm_settings(mode, is_of_linear ? 1 : networks.leaky_slope)));
        break;
      }
    }
  }
  return layers;
}

Layers discriminator_layers(const NetworkConfig& networks, const NetworkLayout& layout, const NetworkState& state,
                            const std::vector<LayerMemory>& memory, const DropoutMasks& masks, const NormMode& mode) {
  Layers layers;
  for (std::size_t i = 0; i < memory.size(); ++i) {
    const LayerSlots& slots = layout.layers[i];
    DropoutMask<float> mask = dropout_mask(networks, masks, i + 1);
    mask.pixels = slots.pixels;
    const float slope = networks.leaky_slope;
    if (slots.kind == LayerKind::convolution) {
      layers.push_back(std::make_unique<ConvolutionLayer>(i, slots, state, memory[i],
                                                          ConvolutionLayer::Settings{.slope = slope, .mask = mask}));
    } else if (slots.kind == LayerKind::batch_norm) {
      layers.push_back(std::make_unique<BatchNormLayer>(i, slots, state, memory[i], norm_settings(mode, 1)));
    } else if (slots.pieces > 0) {
      layers.push_back(std::make_unique<MaxoutLayer>(i, slots, state, memory[i], mask));
    } else {
      layers.push_back(std::make_unique<ActivatedLayer>(i, slots, state, memory[i],
                                                        ActivatedLayer::Settings{.slope = slope, .mask = mask}));
    }
  }
  return layers;
}

Vector<const float> head_weight(const NetworkLayout& layout, const NetworkState& state) {
  const Matrix<float> weight = linear_views(state, layout.layers.back()).weight;
  return {weight.data, weight.columns};
}

}  // namespace duel

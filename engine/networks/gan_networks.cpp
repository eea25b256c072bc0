#include "engine/networks/gan_networks.h"

#include "engine/networks/activated_layer.h"
#include "engine/networks/batch_norm_layer.h"
#include "engine/networks/convolution_layer.h"
#include "engine/networks/maxout_layer.h"

namespace duel {
namespace {

// 1: the identity.
float slope_of(const NetworkConfig& networks, const LayerSlots& slots) {
  return slots.has_leaky_relu ? networks.leaky_slope : 1;
}

BatchNormLayer::Settings norm_settings(const NormMode& mode, float slope) {
  return {.slope = slope, .split = mode.split, .statistics = mode.statistics, .momentum = mode.momentum};
}

}  // namespace

Layers generator_layers(const NetworkConfig& networks, const NetworkLayout& layout, const NetworkState& state,
                        const std::vector<LayerMemory>& memory, const NormMode& mode, int first_column) {
  const Activation head = networks.image_head == ImageHead::sigmoid ? Activation::sigmoid : Activation::tanh;
  Layers layers;
  for (std::size_t i = 0; i < memory.size(); ++i) {
    const LayerSlots& slots = layout.layers[i];
    const bool is_last = i + 1 == memory.size();
    const Activation activation = is_last ? head : Activation::leaky_relu;
    const int column = is_last ? first_column : 0;
    const float slope = slope_of(networks, slots);
    if (slots.kind == LayerKind::convolution) {
      layers.push_back(std::make_unique<ConvolutionLayer>(
          i, slots, state, memory[i],
          ConvolutionLayer::Settings{.activation = activation, .slope = slope, .first_column = column}));
    } else if (slots.kind == LayerKind::batch_norm) {
      layers.push_back(std::make_unique<BatchNormLayer>(i, slots, state, memory[i], norm_settings(mode, slope)));
    } else {
      layers.push_back(std::make_unique<ActivatedLayer>(i, slots, state, memory[i],
                                                        ActivatedLayer::Settings{.activation = activation,
                                                                                 .slope = slope,
                                                                                 .statistics = mode.statistics,
                                                                                 .momentum = mode.momentum,
                                                                                 .first_column = column}));
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
    const float slope = slope_of(networks, slots);
    if (slots.kind == LayerKind::convolution) {
      layers.push_back(std::make_unique<ConvolutionLayer>(i, slots, state, memory[i],
                                                          ConvolutionLayer::Settings{.slope = slope, .mask = mask}));
    } else if (slots.kind == LayerKind::batch_norm) {
      layers.push_back(std::make_unique<BatchNormLayer>(i, slots, state, memory[i], norm_settings(mode, slope)));
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

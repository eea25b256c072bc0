#include "engine/networks/gan_networks.h"

#include "engine/networks/activated_layer.h"
#include "engine/networks/maxout_layer.h"

namespace duel {

Layers generator_layers(const NetworkConfig& networks, const NetworkLayout& layout, const NetworkState& state,
                        const std::vector<LayerMemory>& memory, const GeneratorMode& mode, int first_column) {
  Layers layers;
  for (std::size_t i = 0; i < memory.size(); ++i) {
    ActivatedLayer::Settings settings{.slope = networks.leaky_slope,
                                      .statistics = mode.statistics,
                                      .eps = networks.batch_norm_eps,
                                      .momentum = mode.momentum};
    if (i + 1 == memory.size()) {
      settings.activation = networks.image_head == ImageHead::sigmoid ? Activation::sigmoid : Activation::tanh;
      settings.first_column = first_column;
    }
    layers.push_back(std::make_unique<ActivatedLayer>(i, layout.layers[i], state, memory[i], settings));
  }
  return layers;
}

Layers discriminator_layers(const NetworkConfig& networks, const NetworkLayout& layout, const NetworkState& state,
                            const std::vector<LayerMemory>& memory, const DropoutMasks& masks) {
  Layers layers;
  for (std::size_t i = 0; i < memory.size(); ++i) {
    const LayerSlots& slots = layout.layers[i];
    const DropoutMask<float> mask = dropout_mask(networks, masks, i + 1);
    if (slots.pieces > 0) {
      layers.push_back(std::make_unique<MaxoutLayer>(i, slots, state, memory[i], mask));
    } else {
      const ActivatedLayer::Settings settings{.slope = networks.leaky_slope, .mask = mask};
      layers.push_back(std::make_unique<ActivatedLayer>(i, slots, state, memory[i], settings));
    }
  }
  return layers;
}

Vector<const float> head_weight(const NetworkLayout& layout, const NetworkState& state) {
  const Matrix<float> weight = linear_views(state, layout.layers.back()).weight;
  return {weight.data, weight.columns};
}

}  // namespace duel

#include "engine/configuration/modules.h"

#include "engine/configuration/network_layout.h"
#include "files/number_text.h"

namespace duel {
namespace {

Module leaky_relu(const NetworkConfig& networks) {
  return {"LeakyReLU", "", {shortest_double(networks.leaky_slope)}};
}

Module unflatten(int channels, int size) {
  return {"Unflatten", "", {1.0 * channels, 1.0 * size, 1.0 * size}};
}

void add_dropout(std::vector<Module>& modules, const char* kind, float keep) {
  if (keep < 1) modules.push_back({kind, "", {shortest_double(static_cast<float>(1 - shortest_double(keep)))}});
}

/// A layer's linear function and, where it has some, batch norm.
void add_layer(std::vector<Module>& modules, const LayerSlots& layer, const NetworkConfig& networks) {
  const auto number = [](auto value) { return static_cast<double>(value); };
  if (layer.kind == LayerKind::linear) {
    modules.push_back({"Linear", layer.bias.module(), {number(layer.in), number(layer.rows())}});
  } else if (layer.kind == LayerKind::convolution) {
    const ConvolutionGeometry& g = layer.geometry;
    if (g.upsample > 1) modules.push_back({"Upsample", "", {number(g.upsample)}});
    modules.push_back(
        {"Conv2d",
         layer.bias.module(),
         {number(g.input.channels), number(g.out_channels), number(g.kernel), number(g.stride), number(g.padding)}});
  }
  if (!layer.batch_norm) return;
  const bool is_by_itself = layer.kind == LayerKind::batch_norm;
  modules.push_back(
      {is_by_itself ? "BatchNorm2d" : "BatchNorm1d",
       layer.beta.module(),
       {number(layer.channels()), shortest_double(layer.eps), shortest_double(networks.batch_norm_momentum)}});
}

}  // namespace

std::vector<Module> generator_modules(const NetworkConfig& networks) {
  const NetworkLayout layout = generator_layout(networks);
  std::vector<Module> modules;
  for (std::size_t i = 0; i < layout.layers.size(); ++i) {
    const LayerSlots& layer = layout.layers[i];
    add_layer(modules, layer, networks);
    if (i + 1 == layout.layers.size()) break;
    if (networks.kind == NetworkKind::dcgan && i == 0) {
      modules.push_back(
          unflatten(networks.generator_widths.front(), networks.image_size >> (networks.generator_widths.size() - 1)));
    }
    if (layer.has_leaky_relu) modules.push_back(leaky_relu(networks));
  }
  modules.push_back({networks.image_head == ImageHead::sigmoid ? "Sigmoid" : "Tanh", "", {}});
  if (networks.kind == NetworkKind::dcgan) modules.push_back({"Flatten", "", {}});
  return modules;
}

std::vector<Module> discriminator_modules(const NetworkConfig& networks, LossKind loss) {
  const NetworkLayout layout = discriminator_layout(networks);
  std::vector<Module> modules;
  const bool is_image = networks.kind == NetworkKind::dcgan;
  if (is_image) modules.push_back(unflatten(networks.channels + networks.classes, networks.image_size));
  add_dropout(modules, "Dropout", networks.input_keep);
  for (const LayerSlots& layer : layout.layers) {
    const bool is_head = &layer == &layout.layers.back();
    if (is_head && is_image) modules.push_back({"Flatten", "", {}});
    add_layer(modules, layer, networks);
    if (is_head || layer.kind == LayerKind::batch_norm) continue;
    if (layer.pieces > 0) modules.push_back({"MaxPool1d", "", {static_cast<double>(layer.pieces)}});
    if (layer.has_leaky_relu) modules.push_back(leaky_relu(networks));
    add_dropout(modules, is_image ? "Dropout2d" : "Dropout", networks.hidden_keep);
  }
  if (facts_of(loss).judges_by_probability) modules.push_back({"Sigmoid", "", {}});
  return modules;
}

}  // namespace duel

#include "engine/configuration/modules.h"

#include "engine/configuration/network_layout.h"
#include "files/number_text.h"

namespace duel {
namespace {

Module linear(int in, int out) {
  return {"Linear", {static_cast<double>(in), static_cast<double>(out)}};
}

Module leaky_relu(const NetworkConfig& networks) {
  return {"LeakyReLU", {shortest_double(networks.leaky_slope)}};
}

void add_dropout(std::vector<Module>& modules, float keep) {
  if (keep < 1) modules.push_back({"Dropout", {shortest_double(static_cast<float>(1 - shortest_double(keep)))}});
}

}  // namespace

std::vector<Module> generator_modules(const NetworkConfig& networks) {
  const NetworkLayout layout = generator_layout(networks);
  std::vector<Module> modules;
  for (const LayerSlots& layer : layout.layers) {
    modules.push_back(linear(layer.in, layer.rows()));
    if (&layer == &layout.layers.back()) break;
    if (layer.batch_norm) {
      modules.push_back({"BatchNorm1d",
                         {static_cast<double>(layer.out), shortest_double(networks.batch_norm_eps),
                          shortest_double(networks.batch_norm_momentum)}});
    }
    modules.push_back(leaky_relu(networks));
  }
  modules.push_back({networks.image_head == ImageHead::sigmoid ? "Sigmoid" : "Tanh", {}});
  return modules;
}

std::vector<Module> discriminator_modules(const NetworkConfig& networks, LossKind loss) {
  const NetworkLayout layout = discriminator_layout(networks);
  std::vector<Module> modules;
  add_dropout(modules, networks.input_keep);
  for (const LayerSlots& layer : layout.layers) {
    modules.push_back(linear(layer.in, layer.rows()));
    if (&layer == &layout.layers.back()) break;
    modules.push_back(layer.pieces > 0 ? Module{"MaxPool1d", {static_cast<double>(layer.pieces)}}
                                       : leaky_relu(networks));
    add_dropout(modules, networks.hidden_keep);
  }
  if (facts_of(loss).judges_by_probability) modules.push_back({"Sigmoid", {}});
  return modules;
}

}  // namespace duel

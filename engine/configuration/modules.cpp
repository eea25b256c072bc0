#include "engine/configuration/modules.h"

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
  std::vector<Module> modules;
  int in = networks.latent_dim;
  for (std::size_t i = 0; i < networks.generator_widths.size(); ++i) {
    const int out = networks.generator_widths[i];
    modules.push_back(linear(in, out));
    if (i > 0 && networks.generator_norm == GeneratorNorm::batch) {
      modules.push_back({"BatchNorm1d",
                         {static_cast<double>(out), shortest_double(networks.batch_norm_eps),
                          shortest_double(networks.batch_norm_momentum)}});
    }
    modules.push_back(leaky_relu(networks));
    in = out;
  }
  modules.push_back(linear(in, networks.pixels()));
  modules.push_back({networks.image_head == ImageHead::sigmoid ? "Sigmoid" : "Tanh", {}});
  return modules;
}

std::vector<Module> discriminator_modules(const NetworkConfig& networks, LossKind loss) {
  const bool is_maxout = networks.discriminator_unit == DiscriminatorUnit::maxout;
  std::vector<Module> modules;
  add_dropout(modules, networks.input_keep);
  int in = networks.pixels();
  for (const int out : networks.discriminator_widths) {
    modules.push_back(linear(in, is_maxout ? out * networks.maxout_pieces : out));
    modules.push_back(is_maxout ? Module{"MaxPool1d", {static_cast<double>(networks.maxout_pieces)}}
                                : leaky_relu(networks));
    add_dropout(modules, networks.hidden_keep);
    in = out;
  }
  modules.push_back(linear(in, 1));
  if (facts_of(loss).judges_by_probability) modules.push_back({"Sigmoid", {}});
  return modules;
}

}  // namespace duel

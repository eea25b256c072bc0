#include "engine/configuration/modules.h"

#include <algorithm>

#include "engine/configuration/network_layout.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;

std::vector<std::string> kinds_of(const std::vector<Module>& modules) {
  std::vector<std::string> kinds;
  for (const Module& module : modules) kinds.push_back(module.kind);
  return kinds;
}

/// Whether each tensor of the layout belongs to a module that has such a one, of these sizes.
void check_names(const std::vector<Module>& modules, const NetworkLayout& layout) {
  for (const TensorSlot* slot : layout.parameter_slots()) {
    CAPTURE(slot->name);
    const std::string name = slot->name.substr(0, slot->name.rfind('.'));
    const auto found = std::ranges::find(modules, name, &Module::name);
    REQUIRE(found != modules.end());
    const Module& module = *found;
    if (slot->shape.size() == 2) {
      CHECK(module.kind == "Linear");
      CHECK(module.arguments ==
            std::vector<double>{static_cast<double>(slot->shape[1]), static_cast<double>(slot->shape[0])});
    } else if (slot->shape.size() == 4) {
      CHECK(module.kind == "Conv2d");
      CHECK(module.arguments[0] == static_cast<double>(slot->shape[1]));
      CHECK(module.arguments[1] == static_cast<double>(slot->shape[0]));
      CHECK(module.arguments[2] == static_cast<double>(slot->shape[3]));
    } else {
      const bool is_norm = module.kind == "BatchNorm1d" || module.kind == "BatchNorm2d";
      CHECK((is_norm || module.kind == "Linear" || module.kind == "Conv2d"));
      CHECK(module.arguments[is_norm ? 0 : 1] == static_cast<double>(slot->shape[0]));
    }
  }
}

}  // namespace

TEST_CASE("modules: the published script's, with its numbers as it writes them") {
  const NetworkConfig config;
  const auto generator = generator_modules(config);
  CHECK(kinds_of(generator) == std::vector<std::string>{"Linear", "LeakyReLU", "Linear", "BatchNorm1d", "LeakyReLU",
                                                        "Linear", "BatchNorm1d", "LeakyReLU", "Linear", "BatchNorm1d",
                                                        "LeakyReLU", "Linear", "Tanh"});
  CHECK(generator[3].arguments == std::vector<double>{256, 0.8, 0.1});
  CHECK(generator[1].arguments == std::vector<double>{0.2});
  CHECK(kinds_of(discriminator_modules(config, loss_kind<ClampedCrossEntropy>())) ==
        std::vector<std::string>{"Linear", "LeakyReLU", "Linear", "LeakyReLU", "Linear", "Sigmoid"});
  CHECK(kinds_of(discriminator_modules(config, loss_kind<LeastSquares>())).back() == "Linear");
}

TEST_CASE("modules: maxout is a maximum over neighbours, and dropout has the probability of zeros") {
  NetworkConfig config{.generator_widths = {8, 8},
                       .discriminator_widths = {6, 4},
                       .leaky_slope = 0,
                       .generator_norm = NetworkNorm::none,
                       .image_head = ImageHead::sigmoid,
                       .discriminator_unit = DiscriminatorUnit::maxout,
                       .maxout_pieces = 5,
                       .input_keep = 0.8f,
                       .hidden_keep = 0.5f};
  const auto discriminator = discriminator_modules(config, loss_kind<CrossEntropy>());
  CHECK(kinds_of(discriminator) == std::vector<std::string>{"Dropout", "Linear", "MaxPool1d", "Dropout", "Linear",
                                                            "MaxPool1d", "Dropout", "Linear", "Sigmoid"});
  CHECK(discriminator[0].arguments == std::vector<double>{0.2});
  CHECK(discriminator[1].arguments == std::vector<double>{784, 30});
  CHECK(discriminator[2].arguments == std::vector<double>{5});
  CHECK(kinds_of(generator_modules(config)).back() == "Sigmoid");
  check_names(discriminator, discriminator_layout(config));
  check_names(generator_modules(config), generator_layout(config));
}

TEST_CASE("modules: the published DCGAN's") {
  const NetworkConfig config = with_networks(NetworkKind::dcgan, {});
  const auto generator = generator_modules(config), discriminator = discriminator_modules(config, LossKind{});
  CHECK(kinds_of(generator) == std::vector<std::string>{"Linear", "Unflatten", "BatchNorm2d", "Upsample", "Conv2d",
                                                        "BatchNorm2d", "LeakyReLU", "Upsample", "Conv2d", "BatchNorm2d",
                                                        "LeakyReLU", "Conv2d", "Tanh", "Flatten"});
  CHECK(generator[1].arguments == std::vector<double>{128, 7, 7});
  CHECK(generator[2].arguments == std::vector<double>{128, 1e-5, 0.1});
  CHECK(generator[4].arguments == std::vector<double>{128, 128, 3, 1, 1});
  CHECK(generator[8].name == "conv_blocks.6");
  CHECK(kinds_of(discriminator) ==
        std::vector<std::string>{"Unflatten", "Conv2d", "LeakyReLU", "Dropout2d", "Conv2d", "LeakyReLU", "Dropout2d",
                                 "BatchNorm2d", "Conv2d", "LeakyReLU", "Dropout2d", "BatchNorm2d", "Conv2d",
                                 "LeakyReLU", "Dropout2d", "BatchNorm2d", "Flatten", "Linear", "Sigmoid"});
  CHECK(discriminator[4].arguments == std::vector<double>{16, 32, 3, 2, 1});
  CHECK(discriminator[0].arguments == std::vector<double>{1, 28, 28});
  NetworkConfig conditional = config;
  conditional.classes = 10;
  CHECK(generator_modules(conditional)[0].arguments == std::vector<double>{110, 128 * 49});
  CHECK(discriminator_modules(conditional, LossKind{})[0].arguments == std::vector<double>{11, 28, 28});
  NetworkConfig bare = config;
  bare.generator_norm = NetworkNorm::none;
  CHECK(kinds_of(generator_modules(bare)) == std::vector<std::string>{"Linear", "Unflatten", "Upsample", "Conv2d",
                                                                      "LeakyReLU", "Upsample", "Conv2d", "LeakyReLU",
                                                                      "Conv2d", "Tanh", "Flatten"});
}

TEST_CASE("modules: spectral normalization is a part of no module's name") {
  for (const NetworkKind kind : {NetworkKind::mlp, NetworkKind::dcgan}) {
    NetworkConfig config = with_networks(kind, {});
    config.discriminator_norm = NetworkNorm::none;
    const auto plain = discriminator_modules(config, LossKind{});
    config.discriminator_norm = NetworkNorm::spectral;
    const auto normalized = discriminator_modules(config, LossKind{});
    CHECK(kinds_of(normalized) == kinds_of(plain));
    for (std::size_t i = 0; i < plain.size(); ++i) CHECK(normalized[i].name == plain[i].name);
  }
}

TEST_CASE("modules: tensors have the names and sizes that the layouts say") {
  for (const float input_keep : {1.f, 0.5f}) {
    for (const float hidden_keep : {1.f, 0.5f}) {
      for (const NetworkNorm norm : {NetworkNorm::batch, NetworkNorm::none}) {
        const NetworkConfig config{.generator_norm = norm, .input_keep = input_keep, .hidden_keep = hidden_keep};
        check_names(generator_modules(config), generator_layout(config));
        check_names(discriminator_modules(config, LossKind{}), discriminator_layout(config));
        if (input_keep < 1) continue;
        NetworkConfig dcgan = with_networks(NetworkKind::dcgan, config);
        dcgan.generator_norm = dcgan.discriminator_norm = norm;
        dcgan.hidden_keep = hidden_keep;
        for (const int classes : {0, 10}) {
          dcgan.classes = classes;
          check_names(generator_modules(dcgan), generator_layout(dcgan));
          check_names(discriminator_modules(dcgan, LossKind{}), discriminator_layout(dcgan));
        }
      }
    }
  }
}

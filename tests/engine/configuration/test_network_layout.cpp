#include "engine/configuration/network_layout.h"

#include <algorithm>
#include <set>

#include "tests/engine/support/gan_cases.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"
#include "tests/support/thrown.h"

namespace {

using namespace duel;
using namespace duel::test;

using Names = std::vector<std::string>;
using Shape = std::vector<std::int64_t>;

Names names_of(const std::vector<const TensorSlot*>& slots) {
  Names names;
  for (const TensorSlot* slot : slots) names.push_back(slot->name);
  return names;
}

/// The tensor of that name.
const TensorSlot& slot_of(const NetworkLayout& layout, const std::string& name) {
  for (const auto& slots : {layout.parameter_slots(), layout.statistic_slots()}) {
    for (const TensorSlot* slot : slots) {
      if (slot->name == name) return *slot;
    }
  }
  FAIL("no tensor " << name);
  throw std::logic_error("unreachable");
}

/// Whether the slots lie within `size` values, apart from each other, each at a multiple of 16 values.
bool tiles(std::vector<const TensorSlot*> slots, int size) {
  std::sort(slots.begin(), slots.end(), [](auto* a, auto* b) { return a->offset < b->offset; });
  std::size_t end = 0;
  for (const TensorSlot* slot : slots) {
    if (slot->offset % 16 != 0 || slot->offset < end || slot->offset >= end + 16) return false;
    end = slot->offset + slot->size();
  }
  return end <= static_cast<std::size_t>(size) && static_cast<std::size_t>(size) < end + 16;
}

}  // namespace

TEST_CASE("the published script's networks have its numbers of parameters") {
  const NetworkConfig config;
  CHECK(generator_layout(config).parameter_count() == 1'510'032);
  CHECK(discriminator_layout(config).parameter_count() == 533'505);
}

TEST_CASE("tensors have the names of the script's state_dicts, in their order") {
  const NetworkConfig config;
  // nn.Sequential: Linear, LeakyReLU; three times Linear, BatchNorm1d, LeakyReLU; Linear, Tanh.
  CHECK(names_of(generator_layout(config).parameter_slots()) ==
        Names{"model.0.weight", "model.0.bias", "model.2.weight", "model.2.bias", "model.3.weight", "model.3.bias",
              "model.5.weight", "model.5.bias", "model.6.weight", "model.6.bias", "model.8.weight", "model.8.bias",
              "model.9.weight", "model.9.bias", "model.11.weight", "model.11.bias"});
  CHECK(names_of(generator_layout(config).statistic_slots()) == Names{"model.3.running_mean", "model.3.running_var",
                                                                      "model.6.running_mean", "model.6.running_var",
                                                                      "model.9.running_mean", "model.9.running_var"});
  Names counters;
  for (const LayerSlots& layer : generator_layout(config).layers) {
    if (layer.batch_norm) counters.push_back(layer.batches_tracked);
  }
  CHECK(counters == Names{"model.3.num_batches_tracked", "model.6.num_batches_tracked", "model.9.num_batches_tracked"});
  // nn.Sequential: Linear, LeakyReLU twice; Linear, Sigmoid.
  CHECK(names_of(discriminator_layout(config).parameter_slots()) ==
        Names{"model.0.weight", "model.0.bias", "model.2.weight", "model.2.bias", "model.4.weight", "model.4.bias"});
  CHECK(discriminator_layout(config).statistic_slots().empty());
  CHECK(discriminator_layout(config).statistics == 0);
}

TEST_CASE("tensors have the shapes of the script's state_dicts") {
  const NetworkLayout generator = generator_layout({}), discriminator = discriminator_layout({});
  CHECK(slot_of(generator, "model.0.weight").shape == Shape{128, 100});
  CHECK(slot_of(generator, "model.2.weight").shape == Shape{256, 128});
  CHECK(slot_of(generator, "model.3.weight").shape == Shape{256});
  CHECK(slot_of(generator, "model.9.running_var").shape == Shape{1024});
  CHECK(slot_of(generator, "model.11.weight").shape == Shape{784, 1024});
  CHECK(slot_of(generator, "model.11.bias").shape == Shape{784});
  CHECK(slot_of(discriminator, "model.0.weight").shape == Shape{512, 784});
  CHECK(slot_of(discriminator, "model.4.weight").shape == Shape{1, 256});
  CHECK(slot_of(discriminator, "model.4.bias").shape == Shape{1});
}

TEST_CASE("dcgan: the published script's tensors, by its names, at 32 x 32") {
  NetworkConfig config = with_networks(NetworkKind::dcgan, {});
  config.image_size = 32;
  const NetworkLayout generator = generator_layout(config), discriminator = discriminator_layout(config);
  CHECK(names_of(generator.parameter_slots()) ==
        Names{"l1.0.weight", "l1.0.bias", "conv_blocks.0.weight", "conv_blocks.0.bias", "conv_blocks.2.weight",
              "conv_blocks.2.bias", "conv_blocks.3.weight", "conv_blocks.3.bias", "conv_blocks.6.weight",
              "conv_blocks.6.bias", "conv_blocks.7.weight", "conv_blocks.7.bias", "conv_blocks.9.weight",
              "conv_blocks.9.bias"});
  CHECK(names_of(discriminator.parameter_slots()) ==
        Names{"model.0.weight", "model.0.bias", "model.3.weight", "model.3.bias", "model.6.weight", "model.6.bias",
              "model.7.weight", "model.7.bias", "model.10.weight", "model.10.bias", "model.11.weight", "model.11.bias",
              "model.14.weight", "model.14.bias", "adv_layer.0.weight", "adv_layer.0.bias"});
  CHECK(slot_of(generator, "l1.0.weight").shape == Shape{8192, 100});
  CHECK(slot_of(generator, "conv_blocks.2.weight").shape == Shape{128, 128, 3, 3});
  CHECK(slot_of(generator, "conv_blocks.9.weight").shape == Shape{1, 64, 3, 3});
  CHECK(slot_of(generator, "conv_blocks.7.running_var").shape == Shape{64});
  CHECK(slot_of(discriminator, "model.11.weight").shape == Shape{128, 64, 3, 3});
  CHECK(slot_of(discriminator, "adv_layer.0.weight").shape == Shape{1, 512});
  // As torch counts those of the script.
  CHECK(generator.parameter_count() == 1'049'985);
  CHECK(discriminator.parameter_count() == 98'113);
  CHECK(generator.layers[1].eps == 1e-5f);
  CHECK(generator.layers[3].eps == 0.8f);
  CHECK(discriminator.layers.front().in == 1024);
  CHECK(discriminator.layers.back().in == 512);
}

TEST_CASE("dcgan: images of 28 pixels are made from 7, and D halves them to 2") {
  const NetworkConfig config = with_networks(NetworkKind::dcgan, {});
  const NetworkLayout generator = generator_layout(config), discriminator = discriminator_layout(config);
  CHECK(generator.layers[0].out == 128 * 49);
  CHECK(generator.layers.back().out == 784);
  CHECK(discriminator.layers.back().in == 128 * 4);
  CHECK(tiles(generator.parameter_slots(), generator.parameters));
  CHECK(tiles(generator.statistic_slots(), generator.statistics));
  CHECK(tiles(discriminator.parameter_slots(), discriminator.parameters));
  CHECK(tiles(discriminator.statistic_slots(), discriminator.statistics));
}

TEST_CASE("dcgan: classes are channels of D's first convolution, behind the image's") {
  NetworkConfig config = with_networks(NetworkKind::dcgan, {});
  config.channels = 3;
  config.classes = 10;
  const NetworkLayout generator = generator_layout(config), discriminator = discriminator_layout(config);
  CHECK(slot_of(generator, "l1.0.weight").shape == Shape{128 * 49, 110});
  CHECK(slot_of(discriminator, "model.0.weight").shape == Shape{16, 13, 3, 3});
  CHECK(discriminator.layers.front().in == 13 * 784);
  CHECK(config.discriminator_inputs() == 13 * 784);
  CHECK(slot_of(discriminator, "model.3.weight").shape == Shape{32, 16, 3, 3});
}

TEST_CASE("dcgan: without norm and dropout modules are numbered as if there were none") {
  NetworkConfig config = with_networks(NetworkKind::dcgan, {});
  config.generator_norm = config.discriminator_norm = NetworkNorm::none;
  config.hidden_keep = 1;
  CHECK(names_of(generator_layout(config).parameter_slots()) ==
        Names{"l1.0.weight", "l1.0.bias", "conv_blocks.1.weight", "conv_blocks.1.bias", "conv_blocks.4.weight",
              "conv_blocks.4.bias", "conv_blocks.6.weight", "conv_blocks.6.bias"});
  CHECK(names_of(discriminator_layout(config).parameter_slots()) ==
        Names{"model.0.weight", "model.0.bias", "model.2.weight", "model.2.bias", "model.4.weight", "model.4.bias",
              "model.6.weight", "model.6.bias", "adv_layer.0.weight", "adv_layer.0.bias"});
}

TEST_CASE("label embeddings: both networks have one in front of their layers, whose sizes stay") {
  for (const NetworkKind kind : {NetworkKind::mlp, NetworkKind::dcgan}) {
    NetworkConfig config = with_networks(kind, {});
    config.classes = 10;
    const NetworkLayout one_hot[] = {generator_layout(config), discriminator_layout(config)};
    config.class_input = ClassInput::embedding;
    const NetworkLayout embedded[] = {generator_layout(config), discriminator_layout(config)};
    for (int i = 0; i < 2; ++i) {
      CHECK(!one_hot[i].has_label_embedding());
      CHECK(embedded[i].has_label_embedding());
      CHECK(slot_of(embedded[i], "label_embedding.weight").shape == Shape{10, 10});
      CHECK(embedded[i].parameter_count() == one_hot[i].parameter_count() + 100);
      Names names = names_of(one_hot[i].parameter_slots());
      names.insert(names.begin(), "label_embedding.weight");
      CHECK(names_of(embedded[i].parameter_slots()) == names);
      CHECK(tiles(embedded[i].parameter_slots(), embedded[i].parameters));
      CHECK(embedded[i].layers[0].embeds_classes);
      CHECK(!embedded[i].layers[1].embeds_classes);
      CHECK(embedded[i].layers[0].taps() == (i == 1 && kind == NetworkKind::dcgan ? 9 : 1));
    }
  }
}

TEST_CASE("spectral normalization: names as of PyTorch's parametrization, and the vectors among the statistics") {
  NetworkConfig config{.discriminator_widths = {5}, .discriminator_norm = NetworkNorm::spectral};
  const NetworkLayout layout = discriminator_layout(config);
  CHECK(names_of(layout.parameter_slots()) == Names{"model.0.parametrizations.weight.original", "model.0.bias",
                                                    "model.2.parametrizations.weight.original", "model.2.bias"});
  CHECK(names_of(layout.statistic_slots()) ==
        Names{"model.0.parametrizations.weight.0._u", "model.0.parametrizations.weight.0._v",
              "model.2.parametrizations.weight.0._u", "model.2.parametrizations.weight.0._v"});
  CHECK(layout.layers[0].u.size() == 5);
  CHECK(layout.layers[0].v.size() == 784);
  CHECK(tiles(layout.statistic_slots(), layout.statistics));
  CHECK(layout.has_spectral_norm());
  CHECK(!generator_layout(config).has_spectral_norm());
  config = with_networks(NetworkKind::dcgan, config);
  config.discriminator_norm = NetworkNorm::spectral, config.hidden_keep = 1;
  const NetworkLayout convolutions = discriminator_layout(config);
  CHECK(!convolutions.has_batch_norm());
  CHECK(convolutions.layers[1].weight.name == "model.2.parametrizations.weight.original");
  CHECK(convolutions.layers[1].v.size() == 16 * 9);
  CHECK(convolutions.layers.back().u.name == "adv_layer.0.parametrizations.weight.0._u");
  CHECK(tiles(convolutions.statistic_slots(), convolutions.statistics));
}

TEST_CASE("dcgan: more values in a layer than there are numbers for are refused") {
  NetworkConfig config = with_networks(NetworkKind::dcgan, {});
  config.image_size = 1024;
  config.generator_widths = {65'536};
  CHECK(contains(thrown_message<ConfigError>([&] { generator_layout(config); }),
                 "generator_widths is a list that asks for 68719476736 values in a layer; expected narrower"));
  config.discriminator_widths = {65'536};
  CHECK(contains(thrown_message<ConfigError>([&] { discriminator_layout(config); }),
                 "discriminator_widths is a list that asks for"));
}

TEST_CASE("tensors lie aligned, apart from each other and within their arrays") {
  for (const NetworkConfig& config : {NetworkConfig{}, small_config().networks, tiny_config().networks,
                                      NetworkConfig{.latent_dim = 1,
                                      .image_size = 1,
                                      .channels = 3,
                                      .generator_widths = {1, 17, 16, 15},
                                      .discriminator_widths = {1}}}) {
    const NetworkLayout generator = generator_layout(config), discriminator = discriminator_layout(config);
    CHECK(tiles(generator.parameter_slots(), generator.parameters));
    CHECK(tiles(generator.statistic_slots(), generator.statistics));
    CHECK(tiles(discriminator.parameter_slots(), discriminator.parameters));
    CHECK(generator.layers.front().in == config.latent_dim);
    CHECK(generator.layers.back().out == config.pixels());
    CHECK(discriminator.layers.front().in == config.pixels());
    CHECK(discriminator.layers.back().out == 1);
  }
}

TEST_CASE("batch norm is behind every hidden layer of the generator but the first") {
  const NetworkLayout generator = generator_layout({.generator_widths = {5, 6, 7}});
  REQUIRE(generator.layers.size() == 4);
  CHECK(!generator.layers[0].batch_norm);
  CHECK(generator.layers[1].batch_norm);
  CHECK(generator.layers[2].batch_norm);
  CHECK(!generator.layers[3].batch_norm);
  for (const LayerSlots& layer : discriminator_layout({}).layers) CHECK(!layer.batch_norm);
  const NetworkLayout without = generator_layout({.generator_widths = {5}});
  CHECK(without.statistics == 0);
  CHECK(names_of(without.parameter_slots()) ==
        Names{"model.0.weight", "model.0.bias", "model.2.weight", "model.2.bias"});
}

TEST_CASE(
    "the 2014 paper's networks: no batch norm, maxout's pieces in the weight's rows, dropout counted as a module") {
  NetworkConfig config{.generator_widths = {1200, 1200},
                       .discriminator_widths = {240, 240},
                       .generator_norm = NetworkNorm::none,
                       .discriminator_unit = DiscriminatorUnit::maxout,
                       .maxout_pieces = 5,
                       .input_keep = 0.8f,
                       .hidden_keep = 0.5f};
  const NetworkLayout generator = generator_layout(config), discriminator = discriminator_layout(config);
  CHECK(generator.parameter_count() == 2'503'984);
  CHECK(discriminator.parameter_count() == 1'231'441);
  CHECK(generator.statistics == 0);
  CHECK(names_of(generator.parameter_slots()) ==
        Names{"model.0.weight", "model.0.bias", "model.2.weight", "model.2.bias", "model.4.weight", "model.4.bias"});
  CHECK(names_of(discriminator.parameter_slots()) ==
        Names{"model.1.weight", "model.1.bias", "model.4.weight", "model.4.bias", "model.7.weight", "model.7.bias"});
  CHECK(slot_of(discriminator, "model.4.weight").shape == Shape{1200, 240});
  CHECK(slot_of(discriminator, "model.4.bias").shape == Shape{1200});
  CHECK(tiles(discriminator.parameter_slots(), discriminator.parameters));
  config.input_keep = config.hidden_keep = 1;
  CHECK(names_of(discriminator_layout(config).parameter_slots()).front() == "model.0.weight");
}

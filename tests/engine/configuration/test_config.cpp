#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <string>

#include "engine/configuration/config.h"
#include "engine/configuration/config_json.h"
#include "engine/configuration/config_names.h"
#include "engine/configuration/game.h"
#include "engine/io/json_text.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"
#include "tests/support/thrown.h"

namespace {

using duel::DataError;
using duel::TrainingConfig;
using Json = nlohmann::ordered_json;
using duel::test::contains;

/// The message of the std::invalid_argument that validate() throws; "" where it throws none.
std::string refusal(const std::function<void(TrainingConfig&)>& change) {
  TrainingConfig config;
  change(config);
  return duel::test::thrown_message<std::invalid_argument>([&] { duel::validate(config); });
}

std::string json_refusal(const std::string& text) {
  return duel::test::thrown_message<DataError>([&] { duel::config_from_json(text); });
}

/// The default configuration's JSON with one key set to `value`.
std::string json_with(const std::string& key, const Json& value) {
  Json json = Json::parse(duel::to_json(TrainingConfig{}));
  json[key] = value;
  return json.dump();
}

/// Whether checkpoints of earlier versions lack the key.
bool is_newer(const std::string& key) {
  for (const char* newer : {"step",
                            "precision",
                            "real_label",
                            "ema_decay",
                            "weight_clip",
                            "generator_norm",
                            "image_head",
                            "latent_distribution",
                            "discriminator_unit",
                            "maxout_pieces",
                            "input_keep",
                            "hidden_keep",
                            "generator_init",
                            "discriminator_init",
                            "optimizer",
                            "gradient_penalty",
                            "r1",
                            "classes",
                            "class_input",
                            "networks",
                            "discriminator_norm"}) {
    if (key == newer) return true;
  }
  return key.starts_with("sgd_") || key.starts_with("rmsprop_");
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("the defaults are the published script's and valid") {
  const TrainingConfig config;
  CHECK_NOTHROW(duel::validate(config));
  CHECK(config.networks.pixels() == 784);
  CHECK(config.networks.batch_norm_eps == 0.8f);
  CHECK(config.optimizer.duel::Adam::learning_rate == 2e-4);
}

TEST_CASE("a field out of range is named with its value") {
  CHECK(refusal([](auto& c) { c.batch_size = 1; }) == "batch_size is 1; expected a whole number from 2 to 65536");
  CHECK(contains(refusal([](auto& c) { c.networks.latent_dim = 0; }), "latent_dim is 0"));
  CHECK(contains(refusal([](auto& c) { c.networks.image_size = -28; }), "image_size is -28"));
  CHECK(contains(refusal([](auto& c) { c.networks.channels = 2; }), "channels is 2; expected 1 (grey) or 3 (RGB)"));
  CHECK(contains(refusal([](auto& c) { c.networks.generator_widths = {}; }), "generator_widths is a list of 0"));
  CHECK(contains(refusal([](auto& c) { c.networks.discriminator_widths = {512, 0}; }), "discriminator_widths[1] is 0"));
  CHECK(contains(refusal([](auto& c) { c.discriminator_steps = 0; }), "discriminator_steps is 0"));
  CHECK(contains(refusal([](auto& c) { c.optimizer.duel::Adam::beta1 = 1.0; }), "beta1 is 1"));
  CHECK(contains(refusal([](auto& c) { c.real_label = 0; }), "real_label is 0; expected a number above 0 and up to 1"));
  CHECK(contains(refusal([](auto& c) { c.weight_clip = -0.01; }), "weight_clip is -0.01; expected a number of at"));
  CHECK(contains(refusal([](auto& c) { c.ema_decay = 1; }), "ema_decay is 1; expected a number from 0 to below 1"));
  CHECK(contains(refusal([](auto& c) { c.optimizer.duel::Adam::beta2 = -0.1; }), "beta2 is -0.1"));
  CHECK(contains(refusal([](auto& c) { c.order = static_cast<duel::UpdateOrder>(7); }), "7"));
}

TEST_CASE("a label of real images below 1 is refused with a loss that has no labels") {
  for (int place = 0; place < duel::kLossCount; ++place) {
    const duel::LossKind loss{place};
    const std::string smoothed = refusal([&](auto& c) { c.loss = loss, c.real_label = 0.9; });
    const std::string expected = std::string("real_label is 0.9; expected 1 with the loss ") + name_of(loss);
    CHECK(contains(smoothed, expected) == !duel::facts_of(loss).takes_label);
    CHECK(smoothed.empty() == duel::facts_of(loss).takes_label);
    CHECK(refusal([&](auto& c) { c.loss = loss; }) == "");
  }
}

TEST_CASE("games: each has its name, loss and clipping, and changes nothing else") {
  using namespace duel;
  for (std::size_t i = 0; i < std::size(kGames); ++i) {
    const GameKind kind{static_cast<int>(i)};
    CHECK(parse_name<GameKind>(kGames[i].name) == kind);
    TrainingConfig config;
    config.loss = loss_kind<LeastSquares>();
    config.weight_clip = 7;
    config.penalty_weights[penalty_kind<R1Penalty>()] = 3;
    config.batch_size = 5;
    config.generator_loss = GeneratorLoss::minimax;
    const TrainingConfig played = playing(kind, config);
    config.loss = kGames[i].loss;
    config.weight_clip = kGames[i].weight_clip;
    config.penalty_weights = {};
    config.penalty_weights[penalty_kind<UnitNormPenalty>()] = kGames[i].gradient_penalty;
    CHECK(played == config);
    CHECK(playing(kind, played) == played);
    CHECK_NOTHROW(validate(played));
  }
  CHECK(parse_name<GameKind>("preset") == GameKind::as_it_is);
  CHECK(playing(GameKind::as_it_is, TrainingConfig{}) == TrainingConfig{});
}

TEST_CASE("games: a form of the cross-entropy stays, and a label where the loss takes one") {
  using namespace duel;
  TrainingConfig config;
  config.real_label = 0.9;
  const auto game = [](const char* name) { return parse_name<GameKind>(name); };
  CHECK(playing(game("gan"), config) == config);
  CHECK(playing(game("lsgan"), config).real_label == 0.9);
  CHECK(playing(game("hinge"), config).real_label == 1);
  CHECK(playing(game("gan"), playing(game("wgan"), config)).loss == loss_kind<CrossEntropy>());
}

TEST_CASE("a gradient penalty stands alone, with any units and dropout but no batch norm") {
  const auto with_penalty = [](TrainingConfig& c) {
    c.penalty_weights[duel::penalty_kind<duel::UnitNormPenalty>()] = 10;
  };
  CHECK(refusal(with_penalty) == "");
  CHECK(refusal([&](auto& c) {
          with_penalty(c);
          c.penalty_weights[duel::penalty_kind<duel::R1Penalty>()] = 2;
        }) == "r1 is 2; expected 0 beside gradient_penalty, as D has one gradient penalty");
  CHECK(refusal([&](auto& c) {
          with_penalty(c);
          c.networks.discriminator_unit = duel::DiscriminatorUnit::maxout;
          c.networks.input_keep = c.networks.hidden_keep = 0.5f;
        }) == "");
  CHECK(refusal([&](auto& c) {
          with_penalty(c);
          c.networks = with_networks(duel::NetworkKind::dcgan, c.networks);
        }) == "gradient_penalty is 10; expected 0 with batch norm in D");
  CHECK(refusal([](auto& c) { c.penalty_weights[duel::penalty_kind<duel::R1Penalty>()] = -1; }) ==
        "r1 is -1; expected a number of at least 0");
}

TEST_CASE("networks: what those of the other kind cannot have is refused, by name") {
  const auto dcgan = [](const std::function<void(duel::NetworkConfig&)>& change) {
    return refusal([&](TrainingConfig& c) {
      c.networks = duel::with_networks(duel::NetworkKind::dcgan, {});
      change(c.networks);
    });
  };
  CHECK(dcgan([](auto&) {}) == "");
  CHECK(dcgan([](auto& n) { n.image_size = 32, n.channels = 3; }) == "");
  CHECK(dcgan([](auto& n) { n.image_size = 30; }) ==
        "generator_widths is a list of 3; expected fewer with networks dcgan: each after the first doubles the images' "
        "size, and image_size 30 is not a multiple of 2 to the power of 2");
  CHECK(dcgan([](auto& n) { n.image_size = 30, n.generator_widths = {8, 4}; }) == "");
  CHECK(dcgan([](auto& n) {
          n.image_size = 1024, n.generator_widths.assign(12, 2);
        }).starts_with("generator_widths is a list of 12; expected fewer"));
  CHECK(dcgan([](auto& n) { n.classes = 10; }) == "");
  CHECK(dcgan([](auto& n) { n.discriminator_unit = duel::DiscriminatorUnit::maxout; }) ==
        "discriminator_unit is maxout; expected leaky_relu with networks dcgan");
  CHECK(dcgan([](auto& n) { n.input_keep = 0.5f; }) == "input_keep is 0.5; expected 1 with networks dcgan");
  CHECK(refusal([](auto& c) { c.networks.discriminator_norm = duel::NetworkNorm::batch; }) ==
        "discriminator_norm is batch; expected none or spectral with networks mlp");
  CHECK(refusal([](auto& c) {
          c.networks = duel::with_networks(duel::NetworkKind::dcgan, {});
          c.networks.hidden_keep = 1;
          c.penalty_weights[duel::penalty_kind<duel::R1Penalty>()] = 1;
        }) == "r1 is 1; expected 0 with batch norm in D");
}

TEST_CASE("networks: a critic has no batch norm, whose scores would all have one mean") {
  TrainingConfig config;
  config.networks = duel::with_networks(duel::NetworkKind::dcgan, {});
  config.loss = duel::loss_kind<duel::Wasserstein>();
  CHECK(duel::test::contains(duel::test::thrown_message<std::invalid_argument>([&] { duel::validate(config); }),
                             "discriminator_norm is batch; expected none or spectral with the loss wasserstein"));
  config.loss = duel::loss_kind<duel::CrossEntropy>();
  const TrainingConfig critic = duel::playing(duel::parse_name<duel::GameKind>("wgan"), config);
  CHECK(critic.networks.discriminator_norm == duel::NetworkNorm::none);
  CHECK_NOTHROW(duel::validate(critic));
  CHECK(duel::playing(duel::parse_name<duel::GameKind>("hinge"), config).networks == config.networks);
}

TEST_CASE("networks: classes are read as they are or by an embedding, which needs some") {
  const auto embeds = [](auto& c) { c.networks.class_input = duel::ClassInput::embedding; };
  CHECK(refusal(embeds) == "class_input is embedding; expected one_hot where networks read no classes");
  TrainingConfig config;
  embeds(config);
  config.networks.classes = 10;
  CHECK_NOTHROW(duel::validate(config));
  CHECK(duel::config_from_json(duel::to_json(config)) == config);
}

TEST_CASE("networks: spectral normalization is D's, with any loss and penalty, and takes the place of clipping") {
  CHECK(refusal([](auto& c) { c.networks.discriminator_norm = duel::NetworkNorm::spectral; }) == "");
  CHECK(refusal([](auto& c) {
          c.networks = duel::with_networks(duel::NetworkKind::dcgan, {});
          c.networks.discriminator_norm = duel::NetworkNorm::spectral;
          c.networks.hidden_keep = 1;
          c.loss = duel::loss_kind<duel::Wasserstein>();
          c.penalty_weights[duel::penalty_kind<duel::UnitNormPenalty>()] = 10;
        }) == "");
  CHECK(refusal([](auto& c) {
          c.networks.discriminator_norm = duel::NetworkNorm::spectral;
          c.weight_clip = 0.01;
        }).starts_with("weight_clip is 0.01; expected 0 with spectral normalization in D"));
  CHECK(refusal([](auto& c) {
          c.networks.generator_norm = duel::NetworkNorm::spectral;
        }).starts_with("generator_norm is spectral; expected batch or none"));
  TrainingConfig config;
  config.networks.discriminator_norm = duel::NetworkNorm::spectral;
  CHECK(duel::config_from_json(duel::to_json(config)) == config);
  const TrainingConfig critic = duel::playing(duel::parse_name<duel::GameKind>("wgan_gp"), config);
  CHECK(critic.networks.discriminator_norm == duel::NetworkNorm::spectral);
  CHECK_NOTHROW(duel::validate(critic));
}

TEST_CASE("networks: of another kind they have its widths, norms and dropout, and all else stays") {
  duel::NetworkConfig config{.latent_dim = 7, .image_size = 32, .channels = 3, .batch_norm_eps = 1e-5f};
  CHECK(duel::with_networks(duel::NetworkKind::mlp, config) == config);
  const duel::NetworkConfig dcgan = duel::with_networks(duel::NetworkKind::dcgan, config);
  CHECK(dcgan.generator_widths == std::vector{128, 128, 64});
  CHECK(dcgan.discriminator_widths == std::vector{16, 32, 64, 128});
  CHECK(dcgan.hidden_keep == 0.75f);
  CHECK(duel::with_networks(duel::NetworkKind::mlp, dcgan) == config);
}

TEST_CASE("no real field accepts NaN or infinity") {
  const std::vector<std::pair<std::string, std::function<void(TrainingConfig&, float)>>> fields = {
      {"leaky_slope", [](auto& c, float x) { c.networks.leaky_slope = x; }},
      {"batch_norm_eps", [](auto& c, float x) { c.networks.batch_norm_eps = x; }},
      {"batch_norm_momentum", [](auto& c, float x) { c.networks.batch_norm_momentum = x; }},
      {"learning_rate", [](auto& c, float x) { c.optimizer.duel::Adam::learning_rate = x; }},
      {"beta1", [](auto& c, float x) { c.optimizer.duel::Adam::beta1 = x; }},
      {"beta2", [](auto& c, float x) { c.optimizer.duel::Adam::beta2 = x; }},
      {"adam_eps", [](auto& c, float x) { c.optimizer.duel::Adam::eps = x; }},
      {"gradient_penalty",
       [](auto& c, float x) { c.penalty_weights[duel::penalty_kind<duel::UnitNormPenalty>()] = x; }},
      {"r1", [](auto& c, float x) { c.penalty_weights[duel::penalty_kind<duel::R1Penalty>()] = x; }},
      {"input_keep", [](auto& c, float x) { c.networks.input_keep = x; }},
      {"hidden_keep", [](auto& c, float x) { c.networks.hidden_keep = x; }},
      {"generator_init", [](auto& c, float x) { c.networks.generator_init = x; }},
      {"discriminator_init", [](auto& c, float x) { c.networks.discriminator_init = x; }},
      {"sgd_learning_rate", [](auto& c, float x) { c.optimizer.duel::SgdMomentum::learning_rate = x; }},
      {"sgd_decay", [](auto& c, float x) { c.optimizer.duel::SgdMomentum::decay = x; }},
      {"sgd_least_rate", [](auto& c, float x) { c.optimizer.duel::SgdMomentum::least_rate = x; }},
      {"sgd_initial_momentum", [](auto& c, float x) { c.optimizer.duel::SgdMomentum::initial_momentum = x; }},
      {"sgd_final_momentum", [](auto& c, float x) { c.optimizer.duel::SgdMomentum::final_momentum = x; }},
      {"real_label", [](auto& c, float x) { c.real_label = x; }},
      {"ema_decay", [](auto& c, float x) { c.ema_decay = x; }},
      {"weight_clip", [](auto& c, float x) { c.weight_clip = x; }},
  };
  for (const auto& [name, field] : fields) {
    for (const float bad : {kNan, kInfinity, -1.0f}) {
      CHECK(contains(refusal([&, &access = field](auto& c) { access(c, bad); }), name + " is "));
    }
  }
}

TEST_CASE("a number that is 0, infinite or 1 as the float that kernels take is refused, its neighbours are not") {
  using Change = std::function<void(TrainingConfig&, double)>;
  const std::vector<std::pair<std::string, Change>> small = {
      {"learning_rate", [](auto& c, double x) { c.optimizer.duel::Adam::learning_rate = x; }},
      {"beta1", [](auto& c, double x) { c.optimizer.duel::Adam::beta1 = x; }},
      {"beta2", [](auto& c, double x) { c.optimizer.duel::Adam::beta2 = x; }},
      {"adam_eps", [](auto& c, double x) { c.optimizer.duel::Adam::eps = x; }},
      {"sgd_learning_rate", [](auto& c, double x) { c.optimizer.duel::SgdMomentum::learning_rate = x; }},
      {"sgd_least_rate", [](auto& c, double x) { c.optimizer.duel::SgdMomentum::least_rate = x; }},
      {"sgd_initial_momentum", [](auto& c, double x) { c.optimizer.duel::SgdMomentum::initial_momentum = x; }},
      {"sgd_final_momentum", [](auto& c, double x) { c.optimizer.duel::SgdMomentum::final_momentum = x; }},
      {"real_label", [](auto& c, double x) { c.real_label = x; }},
      {"ema_decay", [](auto& c, double x) { c.ema_decay = x; }},
      {"weight_clip", [](auto& c, double x) { c.weight_clip = x; }},
      {"leaky_slope", [](auto& c, double x) { c.networks.leaky_slope = static_cast<float>(x); }},
      {"batch_norm_eps", [](auto& c, double x) { c.networks.batch_norm_eps = static_cast<float>(x); }},
      {"batch_norm_momentum", [](auto& c, double x) { c.networks.batch_norm_momentum = static_cast<float>(x); }},
      {"generator_init", [](auto& c, double x) { c.networks.generator_init = static_cast<float>(x); }},
      {"discriminator_init", [](auto& c, double x) { c.networks.discriminator_init = static_cast<float>(x); }},
  };
  const double least = std::numeric_limits<float>::min();
  for (const auto& [name, set] : small) {
    const Change& change = set;
    const std::string refused = refusal([&](auto& c) { change(c, least / 2); });
    CHECK(contains(refused, name + " is 5.877471754111"));
    CHECK(contains(refused, "e-39, 0 or nearly as a 32-bit number; expected "));
    CHECK(refusal([&](auto& c) { change(c, least); }).empty());
  }
  CHECK(contains(
      refusal([](auto& c) { c.optimizer.duel::Adam::eps = 1e-60; }),
      "adam_eps is 1e-60, 0 or nearly as a 32-bit number; expected a positive number; if not 0, from 1.2e-38"));
  CHECK(contains(refusal([](auto& c) { c.optimizer.duel::Adam::learning_rate = 1e39; }),
                 "learning_rate is 1e+39, infinity as a 32-bit"));
  CHECK(contains(refusal([](auto& c) { c.optimizer.duel::SgdMomentum::decay = 1e39; }),
                 "sgd_decay is 1e+39, infinity as a 32-bit"));
  CHECK(contains(refusal([](auto& c) { c.optimizer.duel::Adam::beta2 = 0.99999999; }),
                 "beta2 is 0.99999999, 1 as a 32-bit number"));
  CHECK(refusal([](auto& c) { c.optimizer.duel::Adam::beta2 = 0.9999999; }).empty());
  CHECK(contains(refusal([](auto& c) { c.optimizer.duel::SgdMomentum::final_momentum = 0.99999999; }),
                 "1 as a 32-bit number"));
  CHECK(refusal([](auto& c) { c.ema_decay = 0.99999999; }).empty());  // kernels take its difference from 1
}

TEST_CASE("networks with more parameters than an array can address are refused, the largest are not") {
  const auto generator = [](std::vector<int> widths) {
    return refusal([&widths](auto& c) { c.networks.generator_widths = widths; });
  };
  CHECK(
      contains(generator({65536, 65536}), "generator_widths is a list that asks for 4353164048 parameters; expected "));
  CHECK(contains(generator({65536, 65536}), "at most 2147483647 parameters"));
  CHECK(generator({16384, 65536}).empty());
  CHECK(contains(refusal([](auto& c) { c.networks.discriminator_widths = std::vector<int>(16, 65536); }),
                 "discriminator_widths is a list that asks for "));
  CHECK(contains(refusal([](auto& c) {
                   c.step = duel::StepKind::plain;
                   c.networks.discriminator_unit = duel::DiscriminatorUnit::maxout;
                   c.networks.maxout_pieces = 256;
                   c.networks.discriminator_widths = {65536};
                 }),
                 "discriminator_widths is a list that asks for "));
}

TEST_CASE("enumeration names: both ways, dashes count as underscores, others are listed") {
  CHECK(duel::name_of(duel::GeneratorLoss::minimax) == "minimax");
  CHECK(duel::parse_name<duel::UpdateOrder>("discriminator-first") == duel::UpdateOrder::discriminator_first);
  for (const duel::LossFacts& loss : duel::kLossFacts) {
    CHECK(duel::name_of(duel::parse_name<duel::LossKind>(loss.name)) == loss.name);
  }
  CHECK(duel::parse_name<duel::LossKind>("clamped-cross-entropy") == duel::loss_kind<duel::ClampedCrossEntropy>());
  try {
    duel::parse_name<duel::GeneratorLoss>("wasserstein");
    FAIL("expected std::invalid_argument");
  } catch (const std::invalid_argument& error) {
    CHECK(std::string(error.what()) == "expected non_saturating or minimax, found 'wasserstein'");
  }
}

TEST_CASE("JSON: every field survives the round trip") {
  CHECK(duel::config_from_json(duel::to_json(TrainingConfig{})) == TrainingConfig{});
  TrainingConfig config;
  config.networks = {
      duel::NetworkKind::mlp, 7, 32, 3, 5, duel::ClassInput::embedding, {5}, {6, 7, 8}, 0.1f, 1e-5f, 0.3f};
  static_cast<duel::Adam&>(config.optimizer) = {1e-3, 0.9, 0.99, 1e-7};
  config.batch_size = 17;
  config.generator_loss = duel::GeneratorLoss::minimax;
  config.order = duel::UpdateOrder::discriminator_first;
  config.loss = duel::loss_kind<duel::CrossEntropy>();
  config.discriminator_steps = 3;
  config.precision = duel::Precision::bf16;
  config.real_label = 0.9;
  config.ema_decay = 0.999;
  config.weight_clip = 0.01;
  config.seed = std::numeric_limits<std::uint64_t>::max();
  CHECK(duel::config_from_json(duel::to_json(config)) == config);
  config.networks.generator_norm = duel::NetworkNorm::none;
  config.networks.image_head = duel::ImageHead::sigmoid;
  config.networks.latent_distribution = duel::LatentDistribution::uniform;
  config.networks.discriminator_unit = duel::DiscriminatorUnit::maxout;
  config.networks.maxout_pieces = 4;
  config.networks.input_keep = 0.7f;
  config.networks.hidden_keep = 0.6f;
  config.networks.generator_init = 0.04f;
  config.networks.discriminator_init = 0.03f;
  config.optimizer.kind = duel::kind_of<duel::SgdMomentum>;
  static_cast<duel::SgdMomentum&>(config.optimizer) = {0.2, 1.01, 1e-5, 0.4, 0.8, 17};
  static_cast<duel::Rmsprop&>(config.optimizer) = {5e-5, 0.9, 1e-6};
  config.order = duel::UpdateOrder::simultaneous;
  config.step = duel::StepKind::plain;
  CHECK(duel::config_from_json(duel::to_json(config)) == config);
  config.networks = duel::with_networks(duel::NetworkKind::dcgan, {});
  CHECK(config.networks.discriminator_norm == duel::NetworkNorm::batch);
  CHECK(duel::config_from_json(duel::to_json(config)) == config);
}

TEST_CASE("JSON: floats round-trip bit for bit and read like what was typed") {
  CHECK(contains(duel::to_json(TrainingConfig{}), "\"leaky_slope\":0.2,"));
  std::mt19937 random(7);
  for (int i = 0; i < 20000; ++i) {
    const std::uint32_t bits = static_cast<std::uint32_t>(random());
    TrainingConfig config;
    std::memcpy(&config.networks.batch_norm_eps, &bits, sizeof(bits));
    if (!std::isnormal(config.networks.batch_norm_eps) || config.networks.batch_norm_eps < 0) continue;
    const float read = duel::config_from_json(duel::to_json(config)).networks.batch_norm_eps;
    REQUIRE(std::memcmp(&read, &config.networks.batch_norm_eps, sizeof(float)) == 0);
  }
}

TEST_CASE("JSON: every missing key is named") {
  const Json complete = Json::parse(duel::to_json(TrainingConfig{}));
  CHECK(complete.size() == 48);
  int newer = 0;
  for (const auto& [key, value] : complete.items()) {
    Json json = complete;
    json.erase(key);
    if (is_newer(key)) {
      ++newer;
      CHECK(json_refusal(json.dump()) == "");
    } else {
      CHECK(contains(json_refusal(json.dump()), "key '" + key + "' is missing"));
    }
  }
  CHECK(newer == 30);
}

TEST_CASE("JSON: a checkpoint from before the 2014 paper's preset has nothing of it") {
  Json json = Json::parse(duel::to_json(TrainingConfig{}));
  const Json complete = json;
  for (const auto& [key, value] : complete.items()) {
    if (is_newer(key) && key != "step") json.erase(key);
  }
  CHECK(json.size() == 47 - 28);
  CHECK(duel::config_from_json(json.dump()) == TrainingConfig{});
}

TEST_CASE("every kind of network, optimizer and order is there in the fused step") {
  CHECK(refusal([](auto& c) { c.order = duel::UpdateOrder::simultaneous; }) == "");
  CHECK(refusal([](auto& c) { c.networks.generator_norm = duel::NetworkNorm::none; }) == "");
  CHECK(refusal([](auto& c) { c.networks.image_head = duel::ImageHead::sigmoid; }) == "");
  CHECK(refusal([](auto& c) { c.networks.latent_distribution = duel::LatentDistribution::uniform; }) == "");
  CHECK(refusal([](auto& c) { c.networks.leaky_slope = 0; }) == "");
  CHECK(refusal([](auto& c) { c.networks.discriminator_unit = duel::DiscriminatorUnit::maxout; }) == "");
  CHECK(refusal([](auto& c) { c.networks.input_keep = c.networks.hidden_keep = 0.5f; }) == "");
  CHECK(refusal([](auto& c) { c.optimizer.kind = duel::kind_of<duel::SgdMomentum>; }) == "");
}

TEST_CASE("a loss that is not in the list is refused") {
  CHECK_THROWS_AS(duel::name_of(duel::LossKind{-1}), std::invalid_argument);
  CHECK_THROWS_AS(duel::name_of(duel::LossKind{duel::kLossCount}), std::invalid_argument);
}

TEST_CASE("JSON: a checkpoint from before the list of losses names the form of its cross-entropy") {
  Json json = Json::parse(duel::to_json(TrainingConfig{}));
  json.erase("loss");
  json["bce_form"] = "logits";
  CHECK(duel::config_from_json(json.dump()).loss == duel::loss_kind<duel::CrossEntropy>());
  json["bce_form"] = "clamped_probability";
  CHECK(duel::config_from_json(json.dump()).loss == duel::loss_kind<duel::ClampedCrossEntropy>());
  json["bce_form"] = "focal";
  CHECK(contains(json_refusal(json.dump()), "key 'bce_form': expected cross_entropy or "));
  json.erase("bce_form");
  CHECK(contains(json_refusal(json.dump()), "key 'loss' is missing"));
}

TEST_CASE("JSON: a checkpoint from before the average has none, and its labels were 1") {
  Json json = Json::parse(duel::to_json(TrainingConfig{}));
  json.erase("real_label");
  json.erase("ema_decay");
  CHECK(duel::config_from_json(json.dump()).real_label == 1);
  CHECK(duel::config_from_json(json.dump()).ema_decay == 0);
}

TEST_CASE("JSON: a checkpoint from before the fused step was trained by the plain one") {
  Json json = Json::parse(duel::to_json(TrainingConfig{}));
  CHECK(json.at("step") == "fused");
  json.erase("step");
  CHECK(json.at("precision") == "fp32");
  json.erase("precision");
  CHECK(duel::config_from_json(json.dump()).step == duel::StepKind::plain);
  CHECK(duel::config_from_json(json.dump()).precision == duel::Precision::fp32);
}

TEST_CASE("JSON: unknown and repeated keys are refused") {
  CHECK(contains(json_refusal(json_with("momentum", 0.9)), "unknown key 'momentum'"));
  std::string text = duel::to_json(TrainingConfig{});
  text.insert(1, "\"seed\":1,");
  CHECK(contains(json_refusal(text), "\"seed\" is given twice"));
}

TEST_CASE("JSON: wrong types and values out of range are refused") {
  CHECK(contains(json_refusal(json_with("batch_size", "64")), "key 'batch_size': expected a 32-bit whole number"));
  CHECK(contains(json_refusal(json_with("batch_size", 64.0)), "found 64.0"));
  CHECK(contains(json_refusal(json_with("batch_size", 4294967360)), "found 4294967360"));
  CHECK(contains(json_refusal(json_with("batch_size", 18446744073709551615u)), "found 18446744073709551615"));
  CHECK(contains(json_refusal(json_with("batch_size", -9223372036854775807)), "found -9223372036854775807"));
  CHECK(contains(json_refusal(json_with("batch_size", true)), "found true"));
  CHECK(contains(json_refusal(json_with("batch_size", 0)), "batch_size is 0"));
  CHECK(contains(json_refusal(json_with("seed", -1)), "key 'seed'"));
  CHECK(contains(json_refusal(json_with("beta1", nullptr)), "key 'beta1': expected a number, found null"));
  CHECK(contains(json_refusal(json_with("leaky_slope", 1e300)), "expected a 32-bit number"));
  CHECK(contains(json_refusal(json_with("order", "sideways")), "key 'order': expected generator_first"));
  CHECK(contains(json_refusal(json_with("order", 1)), "key 'order': expected a name"));
  CHECK(contains(json_refusal(json_with("generator_widths", 128)), "expected a list of whole numbers"));
  CHECK(contains(json_refusal(json_with("generator_widths", {128, "x"})), "key 'generator_widths'"));
  CHECK_NOTHROW(duel::config_from_json(json_with("beta1", 0)));  // a whole number is a number
}

TEST_CASE("JSON: text that is no object is refused") {
  for (const char* text : {"", "{", "[]", "3", "null", "{\"seed\":}", "{} {}", "{\"seed\":1e999}", "\xff"}) {
    CHECK(contains(json_refusal(text), "configuration in JSON: "));
  }
}

TEST_CASE("JSON text is valid UTF-8") {
  const nlohmann::ordered_json json = {{"path", "a\xFFz"}};
  CHECK(duel::json_text(json) == "{\"path\":\"a\uFFFDz\"}");
  CHECK(duel::json_text(json, 1) == "{\n \"path\": \"a\uFFFDz\"\n}");
}

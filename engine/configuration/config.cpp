#include "engine/configuration/config.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include "engine/configuration/config_names.h"
#include "engine/configuration/config_ranges.h"
#include "engine/configuration/network_layout.h"

namespace duel {
namespace {

std::string to_text(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof(text), value).ptr};
}

[[noreturn]] void refuse(const std::string& field, const std::string& value, const std::string& accepted) {
  throw ConfigError(field, value, accepted);
}

void check_range(const std::string& field, int value, const WholeRange& range) {
  if (range.contains(value)) return;
  refuse(field, std::to_string(value), range.text());
}

/// For numbers that kernels compute with as floats. `accepted` must be false for NaN.
void check_real(const std::string& field, double value, bool accepted, const std::string& expectation) {
  if (!(accepted && std::isfinite(value))) refuse(field, to_text(value), expectation);
  using Limits = std::numeric_limits<float>;
  const double size = std::abs(value);
  if (value == 0 || (size >= Limits::min() && size <= Limits::max())) return;
  refuse(field, to_text(value) + (size > 1 ? ", infinity" : ", 0 or nearly") + " as a 32-bit number",
         expectation + "; if not 0, from 1.2e-38 to 3.4e38");
}

/// The same for a share that kernels take as a float which must stay below 1.
void check_below_one(const std::string& field, double value) {
  const std::string expectation = "a number from 0 to below 1";
  check_real(field, value, value >= 0 && value < 1, expectation);
  if (static_cast<float>(value) < 1) return;
  refuse(field, to_text(value) + ", 1 as a 32-bit number", expectation);
}

void check_widths(const std::string& field, const std::vector<int>& widths) {
  if (widths.empty() || widths.size() > 16) {
    refuse(field, "a list of " + std::to_string(widths.size()), "1 to 16 layer widths");
  }
  for (std::size_t i = 0; i < widths.size(); ++i) {
    check_range(field + "[" + std::to_string(i) + "]", widths[i], kLayerWidths);
  }
}

void validate_mlp(const NetworkConfig& networks) {
  if (networks.discriminator_norm == NetworkNorm::batch) {
    refuse("discriminator_norm", name_of(networks.discriminator_norm), "none or spectral with networks mlp");
  }
}

void validate_dcgan(const NetworkConfig& networks) {
  const std::size_t doublings = networks.generator_widths.size() - 1;
  if (doublings > 10 || networks.image_size % (1 << doublings) != 0) {
    refuse("generator_widths", "a list of " + std::to_string(networks.generator_widths.size()),
           "fewer with networks dcgan: each after the first doubles the images' size, and image_size " +
               std::to_string(networks.image_size) + " is not a multiple of 2 to the power of " +
               std::to_string(doublings));
  }
  if (networks.discriminator_unit != DiscriminatorUnit::leaky_relu) {
    refuse("discriminator_unit", name_of(networks.discriminator_unit), "leaky_relu with networks dcgan");
  }
  if (networks.input_keep < 1) refuse("input_keep", to_text(networks.input_keep), "1 with networks dcgan");
}

void validate_networks(const NetworkConfig& networks) {
  name_of(networks.kind);  // throws where the value is no enumerator, as those below
  check_range("latent_dim", networks.latent_dim, kLatentDims);
  check_range("image_size", networks.image_size, kImageSizes);
  if (networks.channels != 1 && networks.channels != 3) {
    refuse("channels", std::to_string(networks.channels), "1 (grey) or 3 (RGB)");
  }
  check_range("classes", networks.classes, kClasses);
  const std::string class_input = name_of(networks.class_input);
  if (networks.class_input == ClassInput::embedding && networks.classes == 0) {
    refuse("class_input", class_input, "one_hot where networks read no classes");
  }
  check_widths("generator_widths", networks.generator_widths);
  check_widths("discriminator_widths", networks.discriminator_widths);
  const float slope = networks.leaky_slope;
  check_real("leaky_slope", slope, slope >= 0 && slope <= 1, "a number from 0 to 1");
  const float eps = networks.batch_norm_eps;
  check_real("batch_norm_eps", eps, eps > 0, "a positive number");
  const float momentum = networks.batch_norm_momentum;
  check_real("batch_norm_momentum", momentum, momentum >= 0 && momentum <= 1, "a number from 0 to 1");
  check_range("maxout_pieces", networks.maxout_pieces, kMaxoutPieces);
  for (const auto& [field, keep] :
       {std::pair{"input_keep", networks.input_keep}, {"hidden_keep", networks.hidden_keep}}) {
    check_real(field, keep, keep > 0 && keep <= 1, "a number above 0 and at most 1");
  }
  for (const auto& [field, init] :
       {std::pair{"generator_init", networks.generator_init}, {"discriminator_init", networks.discriminator_init}}) {
    check_real(field, init, init >= 0, "a number of at least 0");
  }
  name_of(networks.generator_norm);
  name_of(networks.discriminator_norm);
  if (networks.generator_norm == NetworkNorm::spectral) {
    refuse("generator_norm", name_of(networks.generator_norm),
           "batch or none: what spectral normalization bounds is how fast a discriminator's scores change");
  }
  name_of(networks.image_head);
  name_of(networks.latent_distribution);
  name_of(networks.discriminator_unit);
  networks.kind == NetworkKind::dcgan ? validate_dcgan(networks) : validate_mlp(networks);
}

/// Gradients of gradients are those of each sample by itself: none goes through batch norm.
void validate_penalties(const TrainingConfig& config) {
  const char* chosen = nullptr;
  for_each_unit(Penalties(), [&](auto penalty) {
    using Penalty = decltype(penalty);
    const double weight = config.penalty_weights[penalty_kind<Penalty>()];
    check_real(Penalty::kName, weight, weight >= 0, "a number of at least 0");
    if (weight == 0) return;
    const auto expect = [&](bool accepted, const std::string& expectation) {
      if (!accepted) refuse(Penalty::kName, to_text(weight), expectation);
    };
    expect(!chosen, std::string("0 beside ") + (chosen ? chosen : "") + ", as D has one gradient penalty");
    expect(config.networks.discriminator_norm != NetworkNorm::batch, "0 with batch norm in D");
    chosen = Penalty::kName;
  });
}

/// Every unit's settings, chosen or not: the others are kept, too.
struct CheckSetting {
  void operator()(const OptimizerSetting& setting, double value, Domain domain) const {
    if (domain == Domain::below_1) return check_below_one(setting.name, value);
    check_real(setting.name, value, contains(domain, value), text_of(domain));
  }
  void operator()(const OptimizerSetting& setting, int value, int low, int high) const {
    check_range(setting.name, value, {low, high});
  }
};

}  // namespace

ConfigError::ConfigError(const std::string& field, const std::string& found, const std::string& expected)
    : std::invalid_argument(field + " is " + found + "; expected " + expected),
      field_(field),
      problem_(" is " + found + "; expected " + expected) {}

std::optional<PenaltyKind> PenaltyWeights::chosen() const {
  for (int place = 0; place < kPenaltyCount; ++place) {
    if ((*this)[PenaltyKind{place}] > 0) return PenaltyKind{place};
  }
  return {};
}

NetworkConfig with_networks(NetworkKind kind, NetworkConfig config) {
  if (kind == config.kind) return config;
  const NetworkConfig mlp;
  config.kind = kind;
  config.generator_widths = kind == NetworkKind::dcgan ? std::vector{128, 128, 64} : mlp.generator_widths;
  config.discriminator_widths = kind == NetworkKind::dcgan ? std::vector{16, 32, 64, 128} : mlp.discriminator_widths;
  config.generator_norm = NetworkNorm::batch;
  config.discriminator_norm = kind == NetworkKind::dcgan ? NetworkNorm::batch : mlp.discriminator_norm;
  config.hidden_keep = kind == NetworkKind::dcgan ? 0.75f : mlp.hidden_keep;
  return config;
}

void validate(const TrainingConfig& config) {
  validate_networks(config.networks);
  visit_settings(config.optimizer, CheckSetting());
  check_range("batch_size", config.batch_size, kBatchSizes);
  const double label = config.real_label;
  check_real("real_label", label, label > 0 && label <= 1, "a number above 0 and up to 1");
  const std::string loss = name_of(config.loss);  // throws where there is no such value
  if (label != 1 && !facts_of(config.loss).takes_label) {
    refuse("real_label", to_text(label), "1 with the loss " + loss + ", which has no labels to smooth");
  }
  const double decay = config.ema_decay;
  check_real("ema_decay", decay, decay >= 0 && decay < 1, "a number from 0 to below 1");
  validate_penalties(config);
  if (config.loss == loss_kind<Wasserstein>() && config.networks.discriminator_norm == NetworkNorm::batch) {
    refuse("discriminator_norm", name_of(config.networks.discriminator_norm),
           "none or spectral with the loss " + loss + ": behind batch norm the means of all batches' scores are alike");
  }
  check_range("discriminator_steps", config.discriminator_steps, kDiscriminatorSteps);
  check_real("weight_clip", config.weight_clip, config.weight_clip >= 0, "a number of at least 0");
  if (config.weight_clip > 0 && config.networks.discriminator_norm == NetworkNorm::spectral) {
    refuse("weight_clip", to_text(config.weight_clip),
           "0 with spectral normalization in D, which divides by the size that clipping would bound");
  }
  name_of(config.generator_loss);
  name_of(config.order);
  name_of(config.step);
  name_of(config.optimizer.kind);
  name_of(config.precision);
  generator_layout(config.networks);  // throws where there are too many parameters
  discriminator_layout(config.networks);
}

}  // namespace duel

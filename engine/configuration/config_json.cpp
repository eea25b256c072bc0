#include "engine/configuration/config_json.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "engine/configuration/config_names.h"
#include "engine/io/json_text.h"
#include "files/number_text.h"
#include "files/text.h"

namespace duel {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& message) {
  throw DataError("configuration in JSON: " + message);
}

// The two directions share one list of fields (visit_fields below): each field is a name and a reference.

class Writer {
 public:
  void field(const char* name, int value) { json_[name] = value; }
  void field(const char* name, std::uint64_t value) { json_[name] = value; }
  void field(const char* name, float value) { json_[name] = shortest_double(value); }
  void field(const char* name, double value) { json_[name] = value; }
  void field(const char* name, const std::vector<int>& value) { json_[name] = value; }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void field(const char* name, Enum value) { json_[name] = name_of(value); }
  template <class Value>
  void newer_field(const char* name, const Value& value, const Value&) {
    field(name, value);
  }
  template <class Value>
  void renamed_field(const char* name, const char*, const Value& value) {
    field(name, value);
  }
  std::string text() const { return json_text(json_); }

 private:
  Json json_ = Json::object();
};

class Reader {
 public:
  explicit Reader(const Json& json) : json_(json) {}

  void field(const char* name, int& value) { value = to_int(name, take(name)); }
  void field(const char* name, std::uint64_t& value) {
    const Json& json = take(name);
    if (!json.is_number_unsigned()) wrong_type(name, "a whole number of at least 0", json);
    value = json.get<std::uint64_t>();
  }
  void field(const char* name, double& value) {
    const Json& json = take(name);
    if (!json.is_number()) wrong_type(name, "a number", json);
    value = json.get<double>();
  }
  void field(const char* name, float& value) {
    double number = 0;
    field(name, number);
    const Json& json = json_.at(name);
    if (!(std::abs(number) <= std::numeric_limits<float>::max())) wrong_type(name, "a 32-bit number", json);
    value = static_cast<float>(number);
  }
  void field(const char* name, std::vector<int>& value) {
    const Json& json = take(name);
    if (!json.is_array()) wrong_type(name, "a list of whole numbers", json);
    value.clear();
    for (const Json& element : json) value.push_back(to_int(name, element));
  }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void field(const char* name, Enum& value) {
    const Json& json = take(name);
    if (!json.is_string()) wrong_type(name, "a name", json);
    try {
      value = parse_name<Enum>(json.get<std::string>());
    } catch (const std::invalid_argument& error) {
      refuse("key " + in_quotes(name) + ": " + error.what());
    }
  }

  /// A field that came later: files without it meant `before`.
  template <class Value>
  void newer_field(const char* name, Value& value, const Value& before) {
    if (json_.contains(name)) return field(name, value);
    value = before;
  }

  /// A field that files from before have under another name.
  template <class Value>
  void renamed_field(const char* name, const char* name_before, Value& value) {
    field(json_.contains(name_before) && !json_.contains(name) ? name_before : name, value);
  }

  /// Throws where the text has a key that no field took.
  void finish() const {
    for (const auto& [key, value] : json_.items()) {
      if (!taken_.contains(key)) {
        refuse("unknown key " + in_quotes(key) + "; it was probably written by another version of this program");
      }
    }
  }

 private:
  [[noreturn]] static void wrong_type(const char* name, const char* expected, const Json& found) {
    refuse("key " + in_quotes(name) + ": expected " + expected + ", found " + excerpt(json_text(found)));
  }

  static int to_int(const char* name, const Json& json) {
    constexpr std::int64_t kLow = std::numeric_limits<int>::min(), kHigh = std::numeric_limits<int>::max();
    // The unsigned form is tested first: a value above 2^63 must not wrap to a negative one.
    const bool fits = json.is_number_unsigned() ? json.get<std::uint64_t>() <= static_cast<std::uint64_t>(kHigh)
                                                : json.is_number_integer() && json.get<std::int64_t>() >= kLow;
    if (!fits) wrong_type(name, "a 32-bit whole number", json);
    return json.get<int>();
  }

  const Json& take(const char* name) {
    taken_.insert(name);
    const auto found = json_.find(name);
    if (found == json_.end()) {
      refuse("key " + in_quotes(name) + " is missing; it was probably written by another version of this program");
    }
    return *found;
  }

  const Json& json_;
  std::set<std::string> taken_;
};

/// Settings of the optimizers: those of the chosen one must be there, for files are older than some of the others.
template <class Visitor, class AnyOptimizer>
void visit_optimizers(Visitor& visitor, AnyOptimizer& optimizer) {
  for_each_unit(Optimizers(), [&](auto unit) {
    using Unit = decltype(unit);
    auto& settings = static_cast<std::conditional_t<std::is_const_v<AnyOptimizer>, const Unit, Unit>&>(optimizer);
    const bool is_chosen = optimizer.kind == kind_of<Unit>;
    Unit::visit_settings(settings, [&](const OptimizerSetting& setting, auto& value, auto...) {
      if (is_chosen) return visitor.field(setting.name, value);
      visitor.newer_field(setting.name, value, std::remove_cvref_t<decltype(value)>(value));
    });
  });
}

/// What came with the preset of the 2014 paper; files from before have none of it, as the defaults have not.
template <class Visitor, class Config>
void visit_paper_fields(Visitor& visitor, Config& config) {
  const TrainingConfig before;
  auto& networks = config.networks;
  visitor.newer_field("generator_norm", networks.generator_norm, before.networks.generator_norm);
  visitor.newer_field("discriminator_norm", networks.discriminator_norm, before.networks.discriminator_norm);
  visitor.newer_field("image_head", networks.image_head, before.networks.image_head);
  visitor.newer_field("latent_distribution", networks.latent_distribution, before.networks.latent_distribution);
  visitor.newer_field("discriminator_unit", networks.discriminator_unit, before.networks.discriminator_unit);
  visitor.newer_field("maxout_pieces", networks.maxout_pieces, before.networks.maxout_pieces);
  visitor.newer_field("input_keep", networks.input_keep, before.networks.input_keep);
  visitor.newer_field("hidden_keep", networks.hidden_keep, before.networks.hidden_keep);
  visitor.newer_field("generator_init", networks.generator_init, before.networks.generator_init);
  visitor.newer_field("discriminator_init", networks.discriminator_init, before.networks.discriminator_init);
  visitor.newer_field("optimizer", config.optimizer.kind, before.optimizer.kind);
  visit_optimizers(visitor, config.optimizer);
}

template <class Visitor, class Config>
void visit_fields(Visitor& visitor, Config& config) {
  visitor.newer_field("networks", config.networks.kind, NetworkKind::mlp);
  visitor.field("latent_dim", config.networks.latent_dim);
  visitor.field("image_size", config.networks.image_size);
  visitor.field("channels", config.networks.channels);
  visitor.newer_field("classes", config.networks.classes, 0);
  visitor.newer_field("class_input", config.networks.class_input, ClassInput::one_hot);
  visitor.field("generator_widths", config.networks.generator_widths);
  visitor.field("discriminator_widths", config.networks.discriminator_widths);
  visitor.field("leaky_slope", config.networks.leaky_slope);
  visitor.field("batch_norm_eps", config.networks.batch_norm_eps);
  visitor.field("batch_norm_momentum", config.networks.batch_norm_momentum);
  visitor.field("batch_size", config.batch_size);
  visitor.field("generator_loss", config.generator_loss);
  visitor.field("order", config.order);
  visitor.renamed_field("loss", "bce_form", config.loss);
  visitor.field("discriminator_steps", config.discriminator_steps);
  visitor.newer_field("step", config.step, StepKind::plain);
  visitor.newer_field("precision", config.precision, Precision::fp32);
  visitor.newer_field("real_label", config.real_label, 1.0);
  visitor.newer_field("ema_decay", config.ema_decay, 0.0);
  visitor.newer_field("weight_clip", config.weight_clip, 0.0);
  for_each_unit(Penalties(), [&](auto penalty) {
    using Penalty = decltype(penalty);
    visitor.newer_field(Penalty::kName, config.penalty_weights[penalty_kind<Penalty>()], 0.0);
  });
  visitor.field("seed", config.seed);
  visit_paper_fields(visitor, config);
}

/// nlohmann keeps the last of two equal keys; here the second one is an error.
Json parse_without_duplicates(const std::string& text) {
  std::set<std::string> keys;
  const auto check_key = [&keys](int depth, nlohmann::json::parse_event_t event, Json& parsed) {
    if (event == nlohmann::json::parse_event_t::key && depth == 1 && !keys.insert(parsed.get<std::string>()).second) {
      refuse("key " + excerpt(json_text(parsed)) + " is given twice");
    }
    return true;
  };
  try {
    return Json::parse(text, check_key);
  } catch (const Json::exception& error) {
    refuse(excerpt(error.what()));
  }
}

}  // namespace

std::string to_json(const TrainingConfig& config) {
  Writer writer;
  visit_fields(writer, config);
  return writer.text();
}

TrainingConfig config_from_json(const std::string& text) {
  const Json json = parse_without_duplicates(text);
  if (!json.is_object()) refuse(std::string("expected an object, found ") + json.type_name());
  TrainingConfig config;
  Reader reader(json);
  visit_fields(reader, config);
  reader.finish();
  try {
    validate(config);
  } catch (const std::invalid_argument& error) {
    refuse(error.what());
  }
  return config;
}

}  // namespace duel

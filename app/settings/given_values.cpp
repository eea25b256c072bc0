#include "app/settings/given_values.h"

#include "app/settings/config_file.h"
#include "files/suggest.h"
#include "files/text.h"

namespace duel::app {

GivenValues variables_of(const TrainingProgram& program, const Environment& environment) {
  const std::string prefix = variable_of(program, "");
  GivenValues given;
  for (const auto& [variable, value] : environment) {
    if (!variable.starts_with(prefix) || value.empty()) continue;
    given[lower_case(variable.substr(prefix.size()))] = {{value}, variable};
  }
  return given;
}

UsageError with_source(const SettingError& error, const Sources& sources) {
  const auto found = sources.find(error.name());
  return UsageError((found == sources.end() ? "--" + error.name() : found->second) + error.problem());
}

GivenValues values_of_file(const std::string& file) {
  const auto& settings = TrainOptions::settings();
  GivenValues given;
  for (const ConfigEntry& entry : read_config_file(file)) {
    const std::string name = canonical_name(settings, entry.key);
    const std::string place = file + ":" + std::to_string(entry.line) + ": ";
    const Setting<TrainOptions>* setting = find_setting(settings, name);
    if (setting == nullptr) {
      throw UsageError(place + "unknown key " + in_quotes(entry.key) + did_you_mean(name, known_names(settings)));
    }
    if (!setting->in_file)
      throw UsageError(place + in_quotes(entry.key) + " belongs on the command line, not in a file");
    if (entry.is_list && !setting->is_list) {
      throw UsageError(place + entry.key + ": expected one value, found a list of " +
                       std::to_string(entry.values.size()));
    }
    const auto [earlier, is_new] = given.emplace(name, Given{entry.values, place + entry.key});
    if (!is_new) throw UsageError(place + in_quotes(entry.key) + " is given twice, first at " + earlier->second.source);
  }
  return given;
}

Sources apply_layers(TrainOptions& options, const std::vector<const GivenValues*>& layers) {
  const auto& settings = TrainOptions::settings();
  Sources sources;
  for (const GivenValues* layer : layers) {
    // What stands for several settings comes before them.
    const auto take_all_of = [&](const char* name, const auto& take) {
      const auto given = layer->find(name);
      if (given == layer->end()) return;
      TrainOptions asked = options;
      apply(asked, settings, {*given});
      const TrainOptions before = options;
      take(asked);
      for (const Setting<TrainOptions>& setting : settings) {
        if (setting.get(options) == setting.get(before)) continue;
        sources[setting.name] = given->second.source + (setting.name == name ? "" : ": " + setting.name);
      }
    };
    take_all_of("networks", [&](const TrainOptions& asked) {
      NetworkConfig& networks = options.training.networks;
      networks = with_networks(asked.training.networks.kind, networks);
    });
    take_all_of("game", [&](const TrainOptions& asked) { options.training = playing(asked.game, options.training); });
    for (const auto& [name, given] : *layer) {
      if (name == "game") continue;
      apply(options, settings, {{name, given}});
      sources[name] = given.source;
    }
  }
  return sources;
}

}  // namespace duel::app

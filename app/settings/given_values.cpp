#include "app/settings/given_values.h"

#include <algorithm>
#include <cctype>

#include "app/settings/config_file.h"
#include "files/suggest.h"
#include "files/text.h"

namespace duel::app {

template <class Options>
GivenValues values_of_environment(const TrainingProgram& program, const std::vector<Setting<Options>>& settings,
                                  const Environment& environment) {
  const std::string prefix = variable_of(program, "");
  GivenValues given;
  for (const auto& [variable, value] : environment) {
    if (!variable.starts_with(prefix) || value.empty()) continue;
    std::string name = variable.substr(prefix.size());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    given[canonical_name(settings, name)] = {{value}, variable};
  }
  return given;
}

template GivenValues values_of_environment(const TrainingProgram&, const std::vector<Setting<TrainOptions>>&,
                                           const Environment&);
template GivenValues values_of_environment(const TrainingProgram&, const std::vector<Setting<SampleOptions>>&,
                                           const Environment&);
template GivenValues values_of_environment(const TrainingProgram&, const std::vector<Setting<InterpolateOptions>>&,
                                           const Environment&);
template GivenValues values_of_environment(const TrainingProgram&, const std::vector<Setting<BenchOptions>>&,
                                           const Environment&);
template GivenValues values_of_environment(const TrainingProgram&, const std::vector<Setting<EvaluateOptions>>&,
                                           const Environment&);

UsageError with_source(const SettingError& error, const Sources& sources) {
  const auto found = sources.find(error.name());
  return UsageError((found == sources.end() ? "--" + error.name() : found->second) + error.problem());
}

GivenValues values_of_file(const std::string& file) {
  const auto& settings = train_settings();
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

std::vector<std::string> warn_of_unknown_variables(const TrainingProgram& program, const Environment& environment) {
  std::vector<std::string> names;
  for_each_command([&names]<class Options>(Command, Options Invocation::*) {
    for (const std::string& name : known_names(settings_of<Options>())) names.push_back(name);
  });
  names.push_back("config");

  std::vector<std::string> warnings;
  for (const auto& [name, value] : values_of_environment(program, train_settings(), environment)) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string closest = closest_name(name, names);
    warnings.push_back("environment variable " + value.source + " is not known" +
                       (closest.empty() ? "" : "; did you mean " + variable_of(program, closest) + "?"));
  }
  return warnings;
}

}  // namespace duel::app

#include "app/settings/commands.h"

#include <algorithm>
#include <type_traits>

#include "app/settings/command_line.h"
#include "app/settings/given_values.h"
#include "app/settings/resumed_options.h"
#include "app/settings/setting.h"
#include "app/settings/training_program.h"
#include "files/suggest.h"

namespace duel::app {
namespace {

/// Runs `work`; an error about a setting names who gave it.
template <class Work>
auto with_sources(const Sources& sources, const Work& work) {
  try {
    return work();
  } catch (const SettingError& error) {
    throw with_source(error, sources);
  }
}

/// The layers are given from the weakest to the strongest.
Sources sources_of(const std::vector<const GivenValues*>& layers) {
  Sources sources;
  for (const GivenValues* layer : layers) {
    for (const auto& [name, given] : *layer) sources[name] = given.source;
  }
  return sources;
}

TrainOptions resolve_train(const TrainingProgram& program, const GivenValues& flags, const Environment& environment,
                           std::string config, Sources& sources) {
  const GivenValues variables = values_of_environment(program, TrainOptions::settings(), environment);
  const auto config_variable = variables.find("config");
  if (config.empty() && config_variable != variables.end()) config = config_variable->second.texts.front();
  const GivenValues file = config.empty() ? GivenValues{} : values_of_file(config);
  const std::vector<const GivenValues*> layers = {&file, &variables, &flags};
  for (const GivenValues* layer : {&flags, &variables}) {
    const auto resume = layer->find("resume");
    if (resume == layer->end()) continue;
    sources = sources_of(layers);
    return with_sources(sources, [&] { return resumed_options(program, resume->second.texts.front(), layers); });
  }

  TrainOptions options = preset(program);
  for (const GivenValues* layer : {&flags, &variables, &file}) {
    const auto found = layer->find("preset");
    if (found == layer->end()) continue;
    try {
      std::string name;
      parse_values(found->second.texts, name);
      options = preset(program, name);
    } catch (const std::exception& error) {
      throw UsageError(found->second.source + ": " + error.what());
    }
    break;
  }
  sources = apply_layers(options, layers);
  options.asked_for_shape.value = sources.contains("image-size") || sources.contains("channels");
  with_sources(sources, [&] { validate_options(options); });
  return options;
}

/// Where `train` puts its runs, as far as the environment tells.
std::filesystem::path runs_folder(const TrainingProgram& program, const Environment& environment) {
  TrainOptions options;
  GivenValues variables = values_of_environment(program, TrainOptions::settings(), environment);
  std::erase_if(variables, [](const auto& given) { return given.first != "outdir"; });
  apply(options, TrainOptions::settings(), variables);
  return options.outdir;
}

/// For commands without files.
template <class Options>
Options resolve(const TrainingProgram& program, const GivenValues& flags, const Environment& environment,
                Sources& sources) {
  const std::vector<Setting<Options>>& settings = Options::settings();
  Options options = defaults_of<Options>(program);
  if constexpr (requires { options.runs; }) options.runs = runs_folder(program, environment);
  GivenValues variables = values_of_environment(program, settings, environment);
  std::erase_if(variables, [&settings](const auto& given) {
    const Setting<Options>* setting = find_setting(settings, given.first);
    return setting != nullptr && setting->place != Place::option;
  });
  apply(options, settings, variables);
  apply(options, settings, flags);
  sources = sources_of({&variables, &flags});
  with_sources(sources, [&] { validate_options(options); });
  return options;
}

/// One line for every variable of the program that no command knows: a misspelled one would be ignored without a word.
std::vector<std::string> warn_of_unknown_variables(const TrainingProgram& program, const Environment& environment) {
  std::vector<std::string> names;
  for_each_command([&names]<class Options>() {
    for (const std::string& name : known_names(Options::settings())) names.push_back(name);
  });
  names.push_back("config");

  std::vector<std::string> warnings;
  for (const auto& [name, value] : values_of_environment(program, TrainOptions::settings(), environment)) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string closest = closest_name(name, names);
    warnings.push_back("environment variable " + value.source + " is not known" +
                       (closest.empty() ? "" : "; did you mean " + variable_of(program, closest) + "?"));
  }
  return warnings;
}

}  // namespace

Invocation parse_command_line(const TrainingProgram& program, const std::vector<std::string>& arguments,
                              const Environment& environment) {
  const GivenCommand given = read_arguments(program, arguments);
  Invocation invocation;
  invocation.options = ShowText{given.text};
  if (!given.text.empty()) return invocation;
  invocation.warnings = warn_of_unknown_variables(program, environment);
  for_each_command([&]<class Options>() {
    if (Options::kCommand.name != given.command) return;
    Sources& sources = invocation.sources;
    if constexpr (std::is_same_v<Options, TrainOptions>) {
      invocation.options = resolve_train(program, given.flags, environment, given.config, sources);
    } else {
      invocation.options = resolve<Options>(program, given.flags, environment, sources);
    }
    if constexpr (requires(const Options& options) { check_together(options, sources); }) {
      with_sources(sources, [&] { check_together(invocation.as<Options>(), sources); });
    }
  });
  return invocation;
}

}  // namespace duel::app

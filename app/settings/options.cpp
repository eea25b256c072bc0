#include "app/settings/options.h"

#include <type_traits>

#include "app/settings/command_line.h"
#include "app/settings/given_values.h"
#include "app/settings/resumed_options.h"
#include "app/settings/setting.h"
#include "app/settings/training_program.h"
#include "app/settings/validate_options.h"

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
  const GivenValues variables = values_of_environment(program, train_settings(), environment);
  const auto config_variable = variables.find("config");
  if (config.empty() && config_variable != variables.end()) config = config_variable->second.texts.front();
  const GivenValues file = config.empty() ? GivenValues{} : values_of_file(config);
  const std::vector<const GivenValues*> layers = {&file, &variables, &flags};
  sources = sources_of(layers);
  for (const GivenValues* layer : {&flags, &variables}) {
    const auto resume = layer->find("resume");
    if (resume == layer->end()) continue;
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
  for (const GivenValues* layer : layers) apply(options, train_settings(), *layer);
  with_sources(sources, [&] { validate_options(options); });
  return options;
}

/// Where `train` puts its runs, as far as the environment tells.
std::filesystem::path runs_folder(const TrainingProgram& program, const Environment& environment) {
  TrainOptions options;
  GivenValues variables = values_of_environment(program, train_settings(), environment);
  std::erase_if(variables, [](const auto& given) { return given.first != "outdir"; });
  apply(options, train_settings(), variables);
  return options.outdir;
}

/// For commands without files.
template <class Options>
Options resolve(const TrainingProgram& program, const GivenValues& flags, const Environment& environment,
                Sources& sources) {
  const auto& settings = settings_of<Options>();
  Options options = defaults_of<Options>(program);
  if constexpr (requires { options.runs; }) options.runs = runs_folder(program, environment);
  const GivenValues variables = values_of_environment(program, settings, environment);
  apply(options, settings, variables);
  apply(options, settings, flags);
  sources = sources_of({&variables, &flags});
  with_sources(sources, [&] { validate_options(options); });
  return options;
}

}  // namespace

Invocation parse_command_line(const TrainingProgram& program, const std::vector<std::string>& arguments,
                              const Environment& environment) {
  const GivenCommand given = read_arguments(program, arguments);
  Invocation invocation;
  Sources& sources = invocation.sources;
  invocation.command = given.command;
  invocation.text = given.text;
  if (!invocation.text.empty()) return invocation;
  invocation.warnings = warn_of_unknown_variables(program, environment);
  for_each_command([&]<class Options>(Command command, Options Invocation::*options) {
    if (command != given.command) return;
    if constexpr (std::is_same_v<Options, TrainOptions>) {
      invocation.train = resolve_train(program, given.flags, environment, given.config, sources);
    } else {
      invocation.*options = resolve<Options>(program, given.flags, environment, sources);
    }
  });
  return invocation;
}

std::string to_config_file(const TrainOptions& options) {
  const std::string& name = options.program->name;
  std::string text = "# Settings of " + name + " " DUEL_VERSION "; " + name + " train --config reads them back.\n";
  std::string group;
  for (const Setting<TrainOptions>& setting : train_settings()) {
    if (!setting.in_file) continue;
    if (setting.group != group) text += "\n# " + setting.group + "\n";
    group = setting.group;
    text += setting.name + " = " + setting.get(options) + "\n";
  }
  return text;
}

}  // namespace duel::app

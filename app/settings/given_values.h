// Values that someone gave by flag, by environment variable or in a configuration file, before they are understood.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/errors/exit_code.h"
#include "app/settings/setting.h"
#include "app/settings/sources.h"
#include "app/settings/training_program.h"

namespace duel::app {

struct Given {
  std::vector<std::string> texts;  ///< one, but for lists
  std::string source;              ///< for messages: "--epochs", "MNIST_GAN_EPOCHS", "run.toml:3: epochs"
};
using GivenValues = std::map<std::string, Given>;  // by the setting's canonical name

/// Values of the program's variables (variable_of()), known or not, by their names in small letters; an empty variable
/// counts as unset.
GivenValues variables_of(const TrainingProgram& program, const Environment& environment);

/// The same by the settings' names.
template <class Options>
GivenValues values_of_environment(const TrainingProgram& program, const std::vector<Setting<Options>>& settings,
                                  const Environment& environment) {
  GivenValues given;
  for (auto& [name, value] : variables_of(program, environment)) given[canonical_name(settings, name)] = value;
  return given;
}

/// The same error, naming who gave the value instead of the flag.
UsageError with_source(const SettingError& error, const Sources& sources);

/// Values of a configuration file for training. Throws UsageError with file and line, and a suggestion for an
/// unknown key.
GivenValues values_of_file(const std::string& file);

/// Sets what is given and known. Throws UsageError that names the source of a value that cannot be understood.
template <class Options>
void apply(Options& options, const std::vector<Setting<Options>>& settings, const GivenValues& given) {
  for (const auto& [name, value] : given) {
    const Setting<Options>* setting = find_setting(settings, name);
    if (setting == nullptr) continue;
    try {
      setting->set(options, value.texts);
    } catch (const std::invalid_argument& error) {
      throw UsageError(value.source + ": " + error.what());
    }
  }
}

/// Sets what the layers give, from the weakest to the strongest; in each of them first what the networks and the game
/// consist of that it asks for. Returns who gave what. Throws UsageError that names the source of a value that cannot
/// be understood.
Sources apply_layers(TrainOptions& options, const std::vector<const GivenValues*>& layers);

}  // namespace duel::app

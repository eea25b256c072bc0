// What there is to say of a program's commands and options: for the help, the manual page and the shells.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/settings/setting.h"
#include "app/settings/training_program.h"

namespace duel::app {

struct OptionManual {
  std::string name;         ///< "batch-size"
  std::string placeholder;  ///< of its value; "" for a switch
  std::string help;
  std::string group;
  std::string default_value = {};  ///< "": none
  Place place = Place::option;
  std::vector<std::string> names = {};  ///< of which the value is one; empty: anything
  bool is_path = false;                 ///< of a file or folder
};

struct CommandManual {
  std::string name;  ///< "train", "data import"
  std::string about, notes;
  std::vector<OptionManual> options;
};

/// The first word of commands of two words, where it is no command by itself.
struct CommandGroup {
  std::string name, about;
};

/// All commands in the order of the help.
std::vector<CommandManual> manual_of(const TrainingProgram& program);
const std::vector<CommandGroup>& command_groups();
/// "data" and "import" of "data import"; "" and "train" of "train".
std::pair<std::string, std::string> words_of(const std::string& command);

/// `text` with the program's own words in their places: {program}, {presets} and so on.
std::string filled(const TrainingProgram& program, std::string text);
/// What the program is, and examples.
std::string introduction(const TrainingProgram& program);
/// A value of a configuration file as one types it on a command line.
std::string as_typed(std::string value);

/// --config, which is no setting.
inline const OptionManual kConfigOption = {.name = "config",
                                           .placeholder = "FILE",
                                           .help = "TOML file with any of these settings, such as a run's config.toml",
                                           .group = "Options",
                                           .is_path = true};

}  // namespace duel::app

// What the arguments of the program ask for, before environment, files and defaults.
#pragma once

#include <string>
#include <vector>

#include "app/settings/given_values.h"
#include "app/settings/training_program.h"

namespace duel::app {

struct GivenCommand {
  std::string command;  ///< its name; "": `text` is shown
  std::string text;     ///< help, version
  GivenValues flags;    ///< of the command's settings
  std::string config;   ///< file of --config; "": none
};

/// `arguments` without the program's name. Throws UsageError, with the nearest name for an unknown one.
GivenCommand read_arguments(const TrainingProgram& program, const std::vector<std::string>& arguments);

}  // namespace duel::app

#include "app/settings/training_program.h"

#include <algorithm>
#include <cctype>
#include <iostream>

#include "app/errors/exit_code.h"
#include "files/suggest.h"
#include "files/text.h"

namespace duel::app {

std::vector<std::string> preset_names(const TrainingProgram& program) {
  std::vector<std::string> names;
  for (const Preset& preset : program.presets) names.push_back(preset.name);
  return names;
}

TrainOptions preset(const TrainingProgram& program, const std::string& name) {
  const std::vector<std::string> names = preset_names(program);
  const auto found = name.empty() ? names.begin() : std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw UsageError("expected " + alternatives(names) + ", found " + in_quotes(name) + did_you_mean(name, names));
  }
  TrainOptions options = program.presets[static_cast<std::size_t>(found - names.begin())].options;
  options.program = &program;
  options.preset = *found;
  return options;
}

std::string variable_of(const TrainingProgram& program, const std::string& setting) {
  std::string name = program.name + "_" + setting;
  for (char& c : name) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

void warn(const TrainingProgram& program, const std::string& warning) {
  std::cerr << program.name << ": warning: " << warning << "\n";
}

}  // namespace duel::app

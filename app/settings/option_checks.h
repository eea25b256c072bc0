// Checks of options that several commands have. Each throws SettingError: the setting, its value, what is accepted.
#pragma once

#include <string>
#include <vector>

#include "app/errors/exit_code.h"
#include "app/settings/options.h"
#include "app/settings/setting.h"
#include "app/settings/sources.h"
#include "files/text.h"

namespace duel::app {

template <class Value>
void require(bool accepted, const char* name, const Value& value, const std::string& expected) {
  if (!accepted) throw SettingError(name, ": expected " + expected + ", found " + excerpt(format_value(value)));
}

template <class Options>
void check_ranges(const std::vector<Setting<Options>>& settings, const Options& options) {
  for (const Setting<Options>& setting : settings) setting.check(options);
}

/// Whether the command line gave it. A variable is for all commands, also those to which it means nothing.
inline bool is_flag(const Sources& sources, const char* name) {
  const auto source = sources.find(name);
  return source != sources.end() && source->second.starts_with("--");
}

void check_preset(const TrainingProgram& program, const std::string& name);
void check_device(const std::string& device);
void check_generator(const GeneratorOptions& options);

}  // namespace duel::app

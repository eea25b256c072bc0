// `completion`: what a shell is told of the program.
#pragma once

#include <vector>

#include "app/settings/options.h"
#include "engine/configuration/enum_names.h"

namespace duel::app {

/// A shell whose completion scripts there are.
enum class Shell { bash, zsh, fish };
EnumNames<Shell> names_of(Shell);

struct CompletionOptions : CommandOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<CompletionOptions>>& settings();

  Shell shell = Shell::bash;
};

inline void validate_options(const CompletionOptions&) {}

}  // namespace duel::app

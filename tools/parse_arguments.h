// How the small tools read their command lines.
#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "files/arguments.h"

namespace duel {

/// Sets what the arguments ask for. Returns the exit code where the program ends with that: 0 after help, 2 for what
/// cannot be obeyed.
inline std::optional<int> parse_arguments(CLI::App& app, int argc, char** argv) {
  constexpr int kUsage = 2;
  try {
    std::vector<std::string> arguments = refuse_empty_values({argv + 1, argv + argc});
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the end
    app.parse(arguments);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  } catch (const std::invalid_argument& error) {
    std::cerr << app.get_name() << ": " << error.what() << "\n";
    return kUsage;
  }
}

}  // namespace duel

// Runs another program.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace duel {

using Command = std::vector<std::string>;

struct CommandResult {
  bool succeeded = false;  ///< it ran and ended with status 0
  std::string output;      ///< of its standard output and error, in the order of writing
};

/// Runs command[0], searched in PATH, with those arguments, and waits. `log`: a file to be written meanwhile. A program
/// that cannot be started has no success, and an output that says why.
CommandResult run_command(const Command& command, const std::filesystem::path& log);

/// The command as one types it in a shell.
std::string shell_text(const Command& command);

}  // namespace duel

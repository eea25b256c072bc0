// The program kernel_lab without its main(), so that tests can call it.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace duel::lab {

/// What the command line asks for. `out` is standard output, `err` standard error; returns the exit code.
using Command = std::function<int(std::ostream& out, std::ostream& err)>;

/// A subcommand adds itself to the app, and sets `command` when it is given.
using AddSubcommand = void (*)(CLI::App& app, Command& command);

/// Obeys the arguments (without the program's name) and returns the exit code: 0, 1 where something was found wrong (or
/// an error is none of these), 2 for a command line that cannot be obeyed, 3 for an unusable file, 4 for the device,
/// 6 for the disk. Errors go to `err`.
int run_command_line(std::vector<std::string> arguments, std::ostream& out, std::ostream& err);

}  // namespace duel::lab

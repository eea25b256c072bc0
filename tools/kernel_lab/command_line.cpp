#include "tools/kernel_lab/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <new>
#include <ostream>
#include <stdexcept>
#include <system_error>

#include "engine/io/data_error.h"
#include "files/arguments.h"
#include "files/suggest.h"
#include "files/text.h"
#include "kernels/runtime/error.h"
#include "tools/kernel_lab/bench.h"
#include "tools/kernel_lab/check.h"
#include "tools/kernel_lab/compare.h"
#include "tools/kernel_lab/counters.h"
#include "tools/kernel_lab/list.h"
#include "tools/kernel_lab/tune.h"
#include "tools/kernel_lab/verify.h"

namespace duel::lab {
namespace {

// A new subcommand is one row here.
constexpr AddSubcommand kSubcommands[] = {add_list,  add_verify,   add_bench, add_compare,
                                          add_check, add_counters, add_tune};

int exit_code_of(const std::exception& error) {
  if (dynamic_cast<const CLI::ParseError*>(&error) || dynamic_cast<const std::invalid_argument*>(&error)) return 2;
  if (dynamic_cast<const DataError*>(&error)) return 3;
  if (dynamic_cast<const CudaError*>(&error) || dynamic_cast<const std::bad_alloc*>(&error)) return 4;
  if (dynamic_cast<const std::system_error*>(&error)) return 6;
  return 1;
}

/// What the error says; and of a lack of memory, what to do.
std::string text_of(const std::exception& error) {
  const auto* device = dynamic_cast<const CudaError*>(&error);
  const bool is_of_host = dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
  const std::string text = is_of_host ? "not enough memory on the host" : error.what();
  if (!is_of_host && !(device != nullptr && device->code() == cudaErrorMemoryAllocation)) return text;
  return text + "; fewer --images, a smaller batch or --cache-bytes, or --case for smaller shapes needs less";
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back(name);
  }
  return names;
}

std::vector<std::string> subcommand_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  return names;
}

// Throws where an argument was left over: an option or subcommand that does not exist.
void refuse_extras(const CLI::App& app) {
  for (const CLI::App* command : app.get_subcommands()) {
    const auto extras = command->remaining();
    if (extras.empty()) continue;
    const std::string hint = "\nTry 'kernel_lab " + command->get_name() + " --help'.";
    const std::string given = extras.front().substr(0, extras.front().find('='));
    if (!given.starts_with("-")) throw std::invalid_argument("unexpected argument " + in_quotes(given) + hint);
    const std::string name = given.substr(std::min(given.find_first_not_of('-'), given.size()));
    throw std::invalid_argument("unknown option " + in_quotes(given) +
                                did_you_mean(name, option_names(*command), "--") + hint);
  }
  const auto extras = app.remaining();
  if (extras.empty()) return;
  throw std::invalid_argument("unknown subcommand " + in_quotes(extras.front()) +
                              did_you_mean(extras.front(), subcommand_names(app)) + "\nTry 'kernel_lab --help'.");
}

int obey(std::vector<std::string> arguments, std::ostream& out, std::ostream& err) {
  CLI::App app("Lists, verifies, times and compares the variants of every op.", "kernel_lab");
  app.footer("Exit codes: 0 all well, 1 something was found wrong, 2 usage, 3 unusable file, 4 CUDA, 6 disk.");
  app.allow_extras()->require_subcommand(0, 1);
  Command command;
  for (const AddSubcommand add : kSubcommands) add(app, command);
  for (CLI::App* subcommand : app.get_subcommands(nullptr)) subcommand->allow_extras();
  arguments = refuse_empty_values(arguments);
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the end
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help, out, err);
  }
  refuse_extras(app);
  if (command) return command(out, err);
  out << app.help();
  return 2;
}

}  // namespace

int run_command_line(std::vector<std::string> arguments, std::ostream& out, std::ostream& err) {
  try {
    return obey(std::move(arguments), out, err);
  } catch (const std::exception& error) {
    err << "kernel_lab: " << shortened(text_of(error)) << "\n";
    return exit_code_of(error);
  }
}

}  // namespace duel::lab

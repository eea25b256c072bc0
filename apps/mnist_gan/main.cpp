#include <unistd.h>

#include <iostream>
#include <vector>

#include "app/advice/advice.h"
#include "app/bench/bench.h"
#include "app/commands/interpolate.h"
#include "app/commands/sample.h"
#include "app/commands/train.h"
#include "app/errors/exit_code.h"
#include "app/evaluate/evaluate.h"
#include "app/settings/options.h"
#include "files/program.h"
#include "files/text.h"

namespace {

duel::app::Environment read_environment() {
  duel::app::Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string variable = *entry;
    const auto equals = variable.find('=');
    if (equals != std::string::npos) environment[variable.substr(0, equals)] = variable.substr(equals + 1);
  }
  return environment;
}

duel::app::ExitCode obey(const duel::app::Invocation& invocation) {
  using duel::app::Command;
  if (invocation.command == Command::train) return duel::app::train(invocation.train);
  if (invocation.command == Command::sample) return duel::app::sample(invocation.sample);
  if (invocation.command == Command::interpolate) return duel::app::interpolate(invocation.interpolate);
  if (invocation.command == Command::bench) return duel::app::bench(invocation.bench);
  if (invocation.command == Command::evaluate) return duel::app::evaluate(invocation.evaluate);
  std::cout << invocation.text;
  return duel::app::ExitCode::ok;
}

duel::app::ExitCode run(const std::vector<std::string>& arguments) {
  const duel::app::Environment environment = read_environment();
  const duel::app::Invocation invocation = duel::app::parse_command_line(arguments, environment);
  for (const std::string& warning : invocation.warnings) std::cerr << "mnist_gan: warning: " << warning << "\n";
  return duel::app::with_advice(invocation, [&] { return obey(invocation); });
}

}  // namespace

int main(int argc, char** argv) {
  return duel::run_program("mnist_gan", [&] {
    try {
      return static_cast<int>(run({argv + 1, argv + argc}));
    } catch (const std::exception& error) {
      std::cerr << "mnist_gan: " << duel::shortened(error.what()) << "\n";
      return static_cast<int>(duel::app::exit_code_of(error));
    }
  });
}

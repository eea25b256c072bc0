#include "app/program.h"

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

namespace duel::app {
namespace {

Environment read_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string variable = *entry;
    const auto equals = variable.find('=');
    if (equals != std::string::npos) environment[variable.substr(0, equals)] = variable.substr(equals + 1);
  }
  return environment;
}

ExitCode obey(const Invocation& invocation) {
  switch (invocation.command) {
    case Command::train:
      return train(invocation.train);
    case Command::sample:
      return sample(invocation.sample);
    case Command::interpolate:
      return interpolate(invocation.interpolate);
    case Command::bench:
      return bench(invocation.bench);
    case Command::evaluate:
      return evaluate(invocation.evaluate);
    case Command::show_text:
      break;
  }
  std::cout << invocation.text;
  return ExitCode::ok;
}

ExitCode run(const TrainingProgram& program, const std::vector<std::string>& arguments) {
  const Invocation invocation = parse_command_line(program, arguments, read_environment());
  for (const std::string& warning : invocation.warnings) warn(program, warning);
  return with_advice(invocation, [&] { return obey(invocation); });
}

}  // namespace

int run(const TrainingProgram& program, int argc, char** argv) {
  return run_program(program.name.c_str(), [&] {
    try {
      return static_cast<int>(run(program, std::vector<std::string>(argv + 1, argv + argc)));
    } catch (const std::exception& error) {
      std::cerr << program.name << ": " << shortened(error.what()) << "\n";
      return static_cast<int>(exit_code_of(error));
    }
  });
}

}  // namespace duel::app

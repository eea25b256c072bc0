#include "app/program.h"

#include <unistd.h>

#include <iostream>
#include <vector>

#include "app/advice/advice.h"
#include "app/bench/bench.h"
#include "app/commands/animate.h"
#include "app/commands/data_fetch.h"
#include "app/commands/data_import.h"
#include "app/commands/data_info.h"
#include "app/commands/data_preview.h"
#include "app/commands/data_stack.h"
#include "app/commands/export.h"
#include "app/commands/info.h"
#include "app/commands/interpolate.h"
#include "app/commands/runs.h"
#include "app/commands/sample.h"
#include "app/commands/train.h"
#include "app/commands/watch.h"
#include "app/errors/exit_code.h"
#include "app/evaluate/evaluate.h"
#include "app/settings/commands.h"
#include "app/shell/shell.h"
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

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

ExitCode print(const std::string& text) {
  std::cout << text;
  return ExitCode::ok;
}

ExitCode obey(const Invocation& invocation) {
  return std::visit(Overloaded{[](const ShowText& show) { return print(show.text); },
                               [](const TrainOptions& options) { return train(options); },
                               [](const SampleOptions& options) { return sample(options); },
                               [](const EvaluateOptions& options) { return evaluate(options); },
                               [](const InterpolateOptions& options) { return interpolate(options); },
                               [](const AnimateOptions& options) { return animate(options); },
                               [](const ExportOptions& options) { return export_networks(options); },
                               [](const RunsOptions& options) { return list_runs(options); },
                               [](const CompareRunsOptions& options) { return compare_runs(options); },
                               [](const BenchOptions& options) { return bench(options); },
                               [](const DataImportOptions& options) { return data_import(options); },
                               [](const DataStackOptions& options) { return data_stack(options); },
                               [](const DataInfoOptions& options) { return data_info(options); },
                               [](const DataPreviewOptions& options) { return data_preview(options); },
                               [](const DataFetchOptions& options) { return data_fetch(options); },
                               [](const WatchOptions& options) { return watch(options); },
                               [](const InfoOptions& options) { return info(options); },
                               [](const CompletionOptions& options) {
                                 return print(completion_script(*options.program, options.shell));
                               },
                               [](const ManOptions& options) { return print(manual_page(*options.program)); }},
                    invocation.options);
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

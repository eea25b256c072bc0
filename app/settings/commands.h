// The commands, and what a command line, the environment and a configuration file ask for.
#pragma once

#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "app/settings/animate_options.h"
#include "app/settings/bench_options.h"
#include "app/settings/completion_options.h"
#include "app/settings/data_fetch_options.h"
#include "app/settings/data_import_options.h"
#include "app/settings/data_info_options.h"
#include "app/settings/data_preview_options.h"
#include "app/settings/data_stack_options.h"
#include "app/settings/evaluate_options.h"
#include "app/settings/export_options.h"
#include "app/settings/info_options.h"
#include "app/settings/interpolate_options.h"
#include "app/settings/man_options.h"
#include "app/settings/runs_options.h"
#include "app/settings/sample_options.h"
#include "app/settings/sources.h"
#include "app/settings/train_options.h"
#include "app/settings/watch_options.h"

namespace duel::app {

/// Help and version.
struct ShowText {
  std::string text;
};

/// The list of commands, by their options, in the order of the help.
using AnyOptions = std::variant<ShowText, TrainOptions, SampleOptions, EvaluateOptions, InterpolateOptions,
                                AnimateOptions, ExportOptions, RunsOptions, CompareRunsOptions, BenchOptions,
                                WatchOptions, DataImportOptions, DataStackOptions, DataInfoOptions, DataPreviewOptions,
                                DataFetchOptions, InfoOptions, CompletionOptions, ManOptions>;

/// Calls visit.operator()<Options>() for every command.
template <class Visit>
void for_each_command(const Visit& visit) {
  []<class... Options>(std::type_identity<std::variant<ShowText, Options...>>, const auto& each) {
    (each.template operator()<Options>(), ...);
  }(std::type_identity<AnyOptions>(), visit);
}

/// What to do, with everything resolved: flag > environment > file > preset > default.
struct Invocation {
  AnyOptions options;
  Sources sources;  ///< of the settings that anybody gave
  std::vector<std::string> warnings;

  /// The options, which must be of that command. Throws std::bad_variant_access.
  template <class Options>
  const Options& as() const {
    return std::get<Options>(options);
  }
};

/// `arguments` without the program's name. Throws UsageError that names the flag, variable or line of the file, says
/// what was expected, and suggests the nearest name for an unknown one.
Invocation parse_command_line(const TrainingProgram& program, const std::vector<std::string>& arguments,
                              const Environment& environment);

}  // namespace duel::app

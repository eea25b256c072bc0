#include "app/settings/validate_options.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/errors/exit_code.h"
#include "app/settings/setting.h"
#include "app/settings/training_program.h"
#include "engine/quality/figures.h"
#include "files/suggest.h"
#include "files/text.h"
#include "kernels/runtime/device_spec.h"

namespace duel::app {
namespace {

constexpr double kMostSeconds = 86'400, kMostMinutes = 5'256'000;  // a day, ten years

template <class Value>
void require(bool accepted, const char* name, const Value& value, const std::string& expected) {
  if (!accepted) throw SettingError(name, ": expected " + expected + ", found " + excerpt(format_value(value)));
}

template <class Options>
void check_ranges(const std::vector<Setting<Options>>& settings, const Options& options) {
  for (const Setting<Options>& setting : settings) setting.check(options);
}

/// The name becomes part of a folder's name.
void check_name(const std::string& name) {
  const bool accepted =
      name.size() <= 100 &&
      name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
  require(accepted, "name", name, "up to 100 letters, digits, '.', '_' and '-'");
}

void check_preset(const TrainingProgram& program, const std::string& name) {
  try {
    preset(program, name);
  } catch (const UsageError& error) {
    throw SettingError("preset", std::string(": ") + error.what());
  }
}

void check_device(const std::string& spec) {
  try {
    parse_device_spec(spec);
  } catch (const std::invalid_argument& error) {
    throw SettingError("device", std::string(": ") + error.what());
  }
}

/// The setting that a field of the configuration is: "generator_widths[1]" is generator-widths.
SettingError setting_error(const ConfigError& error) {
  const std::string& field = error.field();
  const std::size_t index = std::min(field.find('['), field.size());
  return {canonical_name(train_settings(), field.substr(0, index)), field.substr(index) + error.problem()};
}

/// Numbers of a list, each of them once.
void check_list(const char* name, const std::vector<int>& values) {
  for (const int value : values) {
    require(std::count(values.begin(), values.end(), value) == 1, name, values, "every number once");
  }
}

void check_generator(const GeneratorOptions& options) {
  require(!options.checkpoint.empty(), "checkpoint", options.checkpoint,
          "the file of a checkpoint, such as runs/00000-default/checkpoints/latest.safetensors");
  check_device(options.device);
  require(!options.outdir.empty(), "outdir", options.outdir, "a folder");
}

}  // namespace

void validate_options(const TrainOptions& options) {
  require(options.minutes >= 0 && options.minutes <= kMostMinutes, "minutes", options.minutes,
          "0 or more, up to " + format_value(kMostMinutes));
  require(options.checkpoint_seconds >= 0 && std::isfinite(options.checkpoint_seconds), "checkpoint-seconds",
          options.checkpoint_seconds, "0 or more");
  if (options.on_collapse != OnCollapse::warn && options.watch_interval == 0) {
    throw SettingError("on-collapse", ": nobody would notice a collapse with --watch-interval 0; expected 1 or more");
  }
  require(!options.outdir.empty(), "outdir", options.outdir, "a folder");
  check_name(options.name);
  check_device(options.device);
  require(options.levels.empty() || options.dry_run, "levels", options.levels, "--dry-run beside it");
  const std::filesystem::path ending = options.levels.extension();
  require(options.levels.empty() || ending == ".svg" || ending == ".dot", "levels", options.levels,
          "a file that ends in .svg or .dot");
  try {
    validate(options.training);
  } catch (const ConfigError& error) {
    throw setting_error(error);
  }
  check_ranges(train_settings(), options);
}

void validate_options(const SampleOptions& options) {
  check_ranges(settings_of<SampleOptions>(), options);
  check_generator(options);
}

void validate_options(const InterpolateOptions& options) {
  check_ranges(settings_of<InterpolateOptions>(), options);
  check_generator(options);
  const WholeRange range = {1, kMostImages / options.count};
  require(range.contains(options.rows), "rows", options.rows,
          range.text() + " of " + std::to_string(options.count) + " images (--count)");
}

void validate_options(const BenchOptions& options) {
  check_ranges(settings_of<BenchOptions>(), options);
  check_preset(*options.program, options.preset);
  check_list("batch-size", options.batch_sizes);
  check_list("width", options.widths);
  for (const StepKind step : options.steps) {
    require(std::count(options.steps.begin(), options.steps.end(), step) == 1, "step", options.steps,
            "every step once");
  }
  require(options.seconds > 0 && options.seconds <= kMostSeconds, "seconds", options.seconds,
          "more than 0, up to " + format_value(kMostSeconds));
  check_device(options.device);
}

void validate_options(const EvaluateOptions& options) {
  check_ranges(settings_of<EvaluateOptions>(), options);
  if (options.self_test) {
    require(options.checkpoints.empty(), "checkpoint", options.checkpoints, "none with --self-test");
  } else {
    require(!options.checkpoints.empty(), "checkpoint", options.checkpoints,
            "the file of a checkpoint, such as runs/00000-default/checkpoints/latest.safetensors");
  }
  if (!options.preset.empty()) check_preset(*options.program, options.preset);
  const std::uint64_t last_first =
      std::numeric_limits<std::uint64_t>::max() - static_cast<std::uint64_t>(options.seeds - 1);
  require(options.seed <= last_first, "seed", options.seed,
          "at most " + std::to_string(last_first) + " for " + std::to_string(options.seeds) + " seeds");
  std::vector<std::string> names = {"all"};
  for (const Metric metric : all_metrics()) names.push_back(name_of(metric));
  require(!options.metrics.empty(), "metrics", options.metrics, "at least one");
  for (const std::string& metric : options.metrics) {
    if (std::find(names.begin(), names.end(), metric) != names.end()) continue;
    throw SettingError("metrics", ": there is no metric " + in_quotes(metric) + did_you_mean(metric, names));
  }
  check_device(options.device);
}

}  // namespace duel::app

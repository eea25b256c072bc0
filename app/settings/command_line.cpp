#include "app/settings/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <stdexcept>

#include "app/settings/setting.h"
#include "engine/suggest.h"
#include "files/arguments.h"
#include "files/text.h"

namespace duel::app {
namespace {

constexpr const char* kIntroduction = R"({about}

Examples:
  {program} train                      train with the defaults
{preset examples}  {program} train --epochs 20 --device cuda --name trial
  {program} train --dry-run            what would be computed, and the memory that takes
  {program} train --resume latest      go on with the newest run
  {program} sample --checkpoint latest --count 100
  {program} evaluate --checkpoint runs/00000-{default preset}
  {program} interpolate --checkpoint latest --rows 5
  {program} bench                      time an iteration on this machine, and what takes how much of it
)";

constexpr const char* kBenchNotes =
    "Examples:\n"
    "  {program} bench --step fused,plain                both ways to compute an iteration, in turn\n"
    "  {program} bench --batch-size 64,256,1024 --json times.json\n"
    "  {program} bench --scale --step fused              how the time grows with batch and width; takes long\n\n"
    "Needs no dataset: the images are made up, as many as an epoch has. Nothing else should run on the device "
    "meanwhile.";

constexpr const char* kEvaluateNotes =
    "Examples:\n"
    "  {program} evaluate --checkpoint latest --json quality.json\n"
    "  {program} evaluate --checkpoint a.safetensors --checkpoint b.safetensors    the range over both, too\n"
    "  {program} evaluate --checkpoint pytorch.safetensors --preset NAME --statistics batch\n"
    "  {program} evaluate --self-test\n\n"
    "Needs training and test images with labels. The classifier that judges is trained once and kept.";

constexpr const char* kPrecedence =
    "Precedence: flag > environment variable ({BATCH_SIZE variable} is --batch-size) > --config file > preset.\n"
    "The spellings of the published script work too: --n_epochs, --batch_size, --n_cpu, ...";

/// `text` with the program's own words in their places.
std::string filled(const TrainingProgram& program, std::string text) {
  const std::vector<std::string> names = preset_names(program);
  std::string presets, examples;
  for (const Preset& preset : program.presets) {
    presets += (presets.empty() ? "" : "; ") + preset.name + (preset.about.empty() ? "" : ": " + preset.about);
    if (preset.name == names.front()) continue;
    std::string example = "  " + program.name + " train --preset " + preset.name;
    example.resize(std::max(example.size() + 1, program.name.size() + 30), ' ');
    examples += example + preset.about + "\n";
  }
  const std::pair<const char*, std::string> words[] = {{"{about}", program.about},
                                                       {"{preset examples}", examples},
                                                       {"{presets}", presets},
                                                       {"{preset names}", alternatives(names)},
                                                       {"{default preset}", names.front()},
                                                       {"{BATCH_SIZE variable}", variable_of(program, "batch-size")},
                                                       {"{program}", program.name}};
  for (const auto& [place, word] : words) {
    for (auto at = text.find(place); at != std::string::npos; at = text.find(place, at + word.size())) {
      text.replace(at, std::string_view(place).size(), word);
    }
  }
  return text;
}

/// An option in the place of a value: most often, the value was a variable of the shell that is not set.
template <class Options>
void refuse_options_as_values(const std::vector<Setting<Options>>& settings,
                              const std::vector<std::string>& arguments) {
  const auto setting_of = [&settings](const std::string& argument) {
    return argument.starts_with("--") ? find_setting(settings, argument.substr(2)) : nullptr;
  };
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const Setting<Options>* setting = setting_of(arguments[i - 1]);
    const std::string option = arguments[i].substr(0, arguments[i].find('='));
    if (setting == nullptr || setting->placeholder.empty() || setting_of(option) == nullptr) continue;
    throw UsageError(arguments[i - 1] + ": expected a value, found the option " + option +
                     "; a path of that name is ./" + option);
  }
}

/// "--batch_size=8" to "--batch-size=8", "--n_epochs" to "--epochs"; an empty value is refused, but where it means
/// something.
template <class Options>
std::vector<std::string> canonical_arguments(const std::vector<Setting<Options>>& settings,
                                             std::vector<std::string> arguments) {
  for (std::string& argument : arguments) {
    if (!argument.starts_with("--")) continue;
    const auto end = std::min(argument.find('='), argument.size());
    argument = "--" + canonical_name(settings, argument.substr(2, end - 2)) + argument.substr(end);
  }
  refuse_options_as_values(settings, arguments);
  const auto may_be_empty = [&settings](const std::string& option) {
    const Setting<Options>* setting = find_setting(settings, option.substr(2));
    return setting != nullptr && setting->may_be_empty;
  };
  try {
    return refuse_empty_values(arguments, may_be_empty);
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
}

/// A value of a configuration file as one types it on a command line.
std::string without_quotes(std::string value) {
  std::erase_if(value, [](char c) { return c == '"' || c == '[' || c == ']' || c == ' '; });
  return value;
}

/// An option that may be repeated, with one value each time.
CLI::Option* add_list(CLI::App& command, const std::string& flag,
                      const std::function<void(const std::vector<std::string>&)>& take, const std::string& help) {
  return command.add_option_function<std::vector<std::string>>(flag, take, help)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

/// A CLI11 command whose options are the settings; what is given ends up in `given`.
template <class Options>
CLI::App* add_command(CLI::App& app, const TrainingProgram& program, const char* name, const char* description,
                      const std::vector<Setting<Options>>& settings, GivenValues& given) {
  const Options defaults = defaults_of<Options>(program);
  CLI::App* command = app.add_subcommand(name, description);
  command->allow_extras();  // so that an unknown option can be answered with a suggestion
  for (const Setting<Options>& setting : settings) {
    const std::string flag = "--" + setting.name, help = filled(program, setting.help);
    const auto take_all = [&given, flag, key = setting.name](const std::vector<std::string>& texts) {
      given[key] = {texts, flag};
    };
    const auto take = [take_all](const std::string& text) { take_all({text}); };
    if (setting.placeholder.empty()) {
      command
          ->add_flag(
              flag, [take](std::int64_t count) { take(count > 0 ? "true" : "false"); }, help)
          ->group(setting.group);
      continue;
    }
    CLI::Option* option = setting.is_repeatable
                              ? add_list(*command, flag, take_all, help)
                              : command->add_option_function<std::string>(flag, take, help)->take_last();
    option->group(setting.group)->type_name(setting.placeholder)->default_str(without_quotes(setting.get(defaults)));
  }
  return command;
}

[[noreturn]] void refuse_unknown(const std::vector<std::string>& extras, const std::vector<std::string>& known,
                                 const std::string& command) {
  const std::string hint = "\nTry '" + command + " --help'.";
  const auto is_option = [](const std::string& argument) { return argument.starts_with("-"); };
  const auto option = std::find_if(extras.begin(), extras.end(), is_option);
  if (option == extras.end()) throw UsageError("unexpected argument " + in_quotes(extras.front()) + hint);
  const std::string spelled = option->substr(0, option->find('='));
  const std::string name = spelled.substr(std::min(spelled.find_first_not_of('-'), spelled.size()));
  throw UsageError("unknown option " + in_quotes(spelled) + did_you_mean(name, known, "--") + hint);
}

/// The program's options and commands, and what was given of them.
struct CommandLine {
  const TrainingProgram& program;
  CLI::App app;
  GivenValues train_flags, sample_flags, interpolate_flags, bench_flags, evaluate_flags;
  std::string config;
  CLI::App* train;
  CLI::App* sample;
  CLI::App* interpolate;
  CLI::App* bench;
  CLI::App* evaluate;

  explicit CommandLine(const TrainingProgram& of) : program(of), app(filled(of, kIntroduction), of.name) {
    app.set_version_flag("--version", program.name + " " DUEL_VERSION, "print the version and stop");
    app.allow_extras()->require_subcommand(0, 1);
    app.get_formatter()->column_width(36);
    train = add_command(app, program, "train", "Train a generator and a discriminator against each other.",
                        train_settings(), train_flags);
    train->add_option("--config", config, "TOML file with any of these settings, such as a run's config.toml")
        ->type_name("FILE")
        ->take_last();
    train->footer(filled(program, kPrecedence));
    sample = add_command(app, program, "sample", "Draw images from a checkpoint.", sample_settings(), sample_flags);
    interpolate = add_command(app, program, "interpolate", "Draw what lies between two latents of a checkpoint.",
                              interpolate_settings(), interpolate_flags);
    bench = add_command(app, program, "bench", "Measure how fast this machine trains.", bench_settings(), bench_flags);
    bench->footer(filled(program, kBenchNotes));
    evaluate = add_command(app, program, "evaluate", "Measure how good the samples of checkpoints are.",
                           evaluate_settings(), evaluate_flags);
    evaluate->footer(filled(program, kEvaluateNotes));
  }

  std::string help() const {
    for (const CLI::App* command : {train, sample, interpolate, bench, evaluate}) {
      if (command->parsed()) return command->help(program.name);
    }
    return app.help();
  }

  static std::vector<std::string> canonical_of(const std::vector<std::string>& arguments) {
    const std::string command = arguments.empty() ? "" : arguments.front();
    if (command == "sample") return canonical_arguments(sample_settings(), arguments);
    if (command == "interpolate") return canonical_arguments(interpolate_settings(), arguments);
    if (command == "bench") return canonical_arguments(bench_settings(), arguments);
    if (command == "evaluate") return canonical_arguments(evaluate_settings(), arguments);
    return canonical_arguments(train_settings(), arguments);
  }

  /// Returns the text that --help or --version asks for, or "". Throws UsageError.
  std::string parse(const std::vector<std::string>& arguments) {
    std::vector<std::string> canonical = canonical_of(arguments);
    std::reverse(canonical.begin(), canonical.end());  // CLI11 takes them from the end
    try {
      app.parse(canonical);
    } catch (const CLI::CallForHelp&) {
      return help();
    } catch (const CLI::CallForVersion& version) {
      return std::string(version.what()) + "\n";
    } catch (const CLI::ParseError& error) {
      throw UsageError(error.what());
    } catch (
        const std::logic_error&) {  // of std::stoll, which CLI11 lets out where a switch is given no switch's value
      throw UsageError("expected true or false as the value of a switch, if any");
    }
    refuse_extras();
    return "";
  }

  void refuse_extras_of(const CLI::App& command, std::vector<std::string> names,
                        const std::vector<std::string>& more_names) const {
    const std::vector<std::string> extras = command.remaining();
    if (extras.empty()) return;
    names.insert(names.end(), more_names.begin(), more_names.end());
    refuse_unknown(extras, names, program.name + " " + command.get_name());
  }

  void refuse_extras() const {
    refuse_extras_of(*train, known_names(train_settings()), {"config", "help"});
    refuse_extras_of(*sample, known_names(sample_settings()), {"help"});
    refuse_extras_of(*interpolate, known_names(interpolate_settings()), {"help"});
    refuse_extras_of(*bench, known_names(bench_settings()), {"help"});
    refuse_extras_of(*evaluate, known_names(evaluate_settings()), {"help"});
    const std::vector<std::string> extras = app.remaining();
    if (extras.empty()) return;
    if (extras.front().starts_with("-")) refuse_unknown(extras, {"help", "version"}, program.name);
    throw UsageError("unknown command " + in_quotes(extras.front()) +
                     did_you_mean(extras.front(), {"train", "sample", "interpolate", "bench", "evaluate"}) + "\nTry '" +
                     program.name + " --help'.");
  }
};

}  // namespace

GivenCommand read_arguments(const TrainingProgram& program, const std::vector<std::string>& arguments) {
  CommandLine line(program);
  GivenCommand given;
  given.text = line.parse(arguments);
  if (!given.text.empty()) return given;
  given.config = line.config;
  const auto take = [&given](const CLI::App& parsed, Command command, GivenValues& flags) {
    if (!parsed.parsed()) return;
    given.command = command;
    given.flags = std::move(flags);
  };
  take(*line.train, Command::train, line.train_flags);
  take(*line.sample, Command::sample, line.sample_flags);
  take(*line.interpolate, Command::interpolate, line.interpolate_flags);
  take(*line.bench, Command::bench, line.bench_flags);
  take(*line.evaluate, Command::evaluate, line.evaluate_flags);
  if (given.command == Command::show_text) given.text = line.help();
  return given;
}

}  // namespace duel::app

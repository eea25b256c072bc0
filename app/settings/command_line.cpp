#include "app/settings/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <functional>
#include <iterator>
#include <stdexcept>

#include "app/settings/setting.h"
#include "files/arguments.h"
#include "files/suggest.h"
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

/// Gives the command its settings as options; what is given ends up in `given`.
template <class Options>
void add_settings(CLI::App& command, const TrainingProgram& program, GivenValues& given) {
  const Options defaults = defaults_of<Options>(program);
  command.allow_extras();  // so that an unknown option can be answered with a suggestion
  for (const Setting<Options>& setting : settings_of<Options>()) {
    const std::string flag = "--" + setting.name, help = filled(program, setting.help);
    const auto take_all = [&given, flag, key = setting.name](const std::vector<std::string>& texts) {
      given[key] = {texts, flag};
    };
    const auto take = [take_all](const std::string& text) { take_all({text}); };
    if (setting.placeholder.empty()) {
      command
          .add_flag(
              flag, [take](std::int64_t count) { take(count > 0 ? "true" : "false"); }, help)
          ->group(setting.group);
      continue;
    }
    CLI::Option* option = setting.is_repeatable
                              ? add_list(command, flag, take_all, help)
                              : command.add_option_function<std::string>(flag, take, help)->take_last();
    option->group(setting.group)->type_name(setting.placeholder)->default_str(without_quotes(setting.get(defaults)));
  }
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

struct CommandText {
  Command command;
  const char *name, *about, *notes;
};
constexpr CommandText kCommands[] = {
    {Command::train, "train", "Train a generator and a discriminator against each other.", kPrecedence},
    {Command::sample, "sample", "Draw images from a checkpoint.", ""},
    {Command::interpolate, "interpolate", "Draw what lies between two latents of a checkpoint.", ""},
    {Command::bench, "bench", "Measure how fast this machine trains.", kBenchNotes},
    {Command::evaluate, "evaluate", "Measure how good the samples of checkpoints are.", kEvaluateNotes}};

const CommandText& text_of(Command command) {
  return *std::find_if(std::begin(kCommands), std::end(kCommands),
                       [command](const CommandText& text) { return text.command == command; });
}

/// One command, and what was given of it.
struct ParsedCommand {
  Command command;
  CLI::App* app;
  std::vector<std::string> names;  ///< of its options
  GivenValues given = {};
};

/// The program's options and commands.
struct CommandLine {
  const TrainingProgram& program;
  CLI::App app;
  std::deque<ParsedCommand> commands;  // their options remember where they are
  std::string config;

  explicit CommandLine(const TrainingProgram& of) : program(of), app(filled(of, kIntroduction), of.name) {
    app.set_version_flag("--version", program.name + " " DUEL_VERSION, "print the version and stop");
    app.allow_extras()->require_subcommand(0, 1);
    app.get_formatter()->column_width(36);
    for_each_command([&]<class Options>(Command command, Options Invocation::*) {
      const CommandText& text = text_of(command);
      ParsedCommand& one = commands.emplace_back(
          ParsedCommand{command, app.add_subcommand(text.name, text.about), known_names(settings_of<Options>())});
      one.names.push_back("help");
      add_settings<Options>(*one.app, program, one.given);
      one.app->footer(filled(program, text.notes));
    });
    ParsedCommand& train = commands.front();
    train.names.push_back("config");
    train.app->add_option("--config", config, "TOML file with any of these settings, such as a run's config.toml")
        ->type_name("FILE")
        ->take_last();
  }

  std::string help() const {
    for (const ParsedCommand& one : commands) {
      if (one.app->parsed()) return one.app->help(program.name);
    }
    return app.help();
  }

  /// As the settings of the named command are called; of train where there is none of that name.
  static std::vector<std::string> canonical_of(const std::vector<std::string>& arguments) {
    Command named = Command::train;
    for (const CommandText& text : kCommands) {
      if (!arguments.empty() && arguments.front() == text.name) named = text.command;
    }
    std::vector<std::string> canonical;
    for_each_command([&]<class Options>(Command command, Options Invocation::*) {
      if (command == named) canonical = canonical_arguments(settings_of<Options>(), arguments);
    });
    return canonical;
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

  void refuse_extras() const {
    for (const ParsedCommand& one : commands) {
      const std::vector<std::string> extras = one.app->remaining();
      if (!extras.empty()) refuse_unknown(extras, one.names, program.name + " " + one.app->get_name());
    }
    const std::vector<std::string> extras = app.remaining();
    if (extras.empty()) return;
    if (extras.front().starts_with("-")) refuse_unknown(extras, {"help", "version"}, program.name);
    std::vector<std::string> names;
    for (const CommandText& text : kCommands) names.push_back(text.name);
    throw UsageError("unknown command " + in_quotes(extras.front()) + did_you_mean(extras.front(), names) + "\nTry '" +
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
  for (ParsedCommand& one : line.commands) {
    if (!one.app->parsed()) continue;
    given.command = one.command;
    given.flags = std::move(one.given);
  }
  if (given.command == Command::show_text) given.text = line.help();
  return given;
}

}  // namespace duel::app

#include "app/settings/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <functional>
#include <iterator>
#include <stdexcept>

#include "app/settings/commands.h"
#include "app/settings/manual.h"
#include "app/settings/setting.h"
#include "engine/tuning/tuning_key.h"
#include "files/arguments.h"
#include "files/suggest.h"
#include "files/text.h"

namespace duel::app {
namespace {

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

/// "--batch_size=8" to "--batch-size=8", "--n_epochs" to "--epochs", "--serve" to "--serve=0"; an empty value is
/// refused, but where it means something.
template <class Options>
std::vector<std::string> canonical_arguments(const std::vector<Setting<Options>>& settings,
                                             std::vector<std::string> arguments) {
  for (std::string& argument : arguments) {
    if (!argument.starts_with("--")) continue;
    const auto end = std::min(argument.find('='), argument.size());
    argument = "--" + canonical_name(settings, argument.substr(2, end - 2)) + argument.substr(end);
  }
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    std::string& argument = arguments[i];
    const Setting<Options>* setting = argument.starts_with("--") ? find_setting(settings, argument.substr(2)) : nullptr;
    if (setting == nullptr || setting->bare_value.empty()) continue;
    const bool has_value = i + 1 < arguments.size() && !arguments[i + 1].starts_with("-");
    if (!has_value) argument += "=" + setting->bare_value;
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

/// An option that may be repeated, with one value each time.
CLI::Option* add_list(CLI::App& command, const std::string& flag,
                      const std::function<void(const std::vector<std::string>&)>& take, const std::string& help) {
  return command.add_option_function<std::vector<std::string>>(flag, take, help)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

/// Gives the command its settings as options and arguments; what is given ends up in `given`.
template <class Options>
void add_settings(CLI::App& command, const TrainingProgram& program, GivenValues& given) {
  const Options defaults = defaults_of<Options>(program);
  command.allow_extras();  // so that an unknown option can be answered with a suggestion
  for (const Setting<Options>& setting : Options::settings()) {
    const bool is_option = has_flag(setting.place);
    const std::string name = is_option ? "--" + setting.name : setting.placeholder;
    const std::string help = filled(program, setting.help);
    const auto take_all = [&given, name, key = setting.name](const std::vector<std::string>& texts) {
      given[key] = {texts, name};
    };
    const auto take = [take_all](const std::string& text) { take_all({text}); };
    if (setting.placeholder.empty()) {
      command
          .add_flag(
              name, [take](std::int64_t count) { take(count > 0 ? "true" : "false"); }, help)
          ->group(setting.group);
      continue;
    }
    CLI::Option* option = nullptr;
    if (!is_option) {
      option = setting.is_list ? command.add_option_function<std::vector<std::string>>(name, take_all, help)
                               : command.add_option_function<std::string>(name, take, help);
      option->type_name("");
      continue;
    }
    option = setting.is_repeatable ? add_list(command, name, take_all, help)
                                   : command.add_option_function<std::string>(name, take, help)->take_last();
    option->group(setting.group)->type_name(setting.placeholder)->default_str(as_typed(setting.get(defaults)));
  }
}

/// `arguments`: what stands by itself in this command, and after a flag of that name in others.
[[noreturn]] void refuse_unknown(const std::vector<std::string>& extras, const std::vector<std::string>& known,
                                 const std::string& command, const std::vector<std::string>& arguments = {}) {
  const std::string hint = "\nTry '" + command + " --help'.";
  const auto is_option = [](const std::string& argument) { return argument.starts_with("-"); };
  const auto option = std::find_if(extras.begin(), extras.end(), is_option);
  if (option == extras.end()) throw UsageError("unexpected argument " + in_quotes(extras.front()) + hint);
  const std::string spelled = option->substr(0, option->find('='));
  const std::string name = spelled.substr(std::min(spelled.find_first_not_of('-'), spelled.size()));
  if (std::find(arguments.begin(), arguments.end(), name) != arguments.end()) {
    throw UsageError("unknown option " + in_quotes(spelled) + "; its value stands by itself here" + hint);
  }
  throw UsageError("unknown option " + in_quotes(spelled) + did_you_mean(name, known, "--") + hint);
}

/// One command, and what was given of it.
struct ParsedCommand {
  std::string name;  ///< "data import"
  CLI::App* app;
  std::vector<std::string> options;    ///< names
  std::vector<std::string> arguments;  ///< what stands by itself, "data" for DIR
  GivenValues given = {};
};

/// The program's options and commands.
struct CommandLine {
  const TrainingProgram& program;
  CLI::App app;
  std::deque<ParsedCommand> commands;  // their options remember where they are
  std::string config;

  explicit CommandLine(const TrainingProgram& of) : program(of), app(introduction(of), of.name) {
    app.set_version_flag(
        "--version",
        [this] { return program.name + " " DUEL_VERSION " (" + build_facts().device + ", " + build_text() + ")"; },
        "print the version and how it was built, and stop; info says more");
    app.allow_extras()->require_subcommand(0, 1);
    app.get_formatter()->column_width(36);
    for_each_command([&]<class Options>() {
      const CommandText& text = Options::kCommand;
      const auto [group, word] = words_of(text.name);
      CLI::App& parent = group.empty() ? app : group_of(group);
      ParsedCommand& one = commands.emplace_back(
          ParsedCommand{text.name, parent.add_subcommand(word, text.about), known_names(Options::settings()), {}});
      for (const Setting<Options>& setting : Options::settings()) {
        if (!has_flag(setting.place)) one.arguments.push_back(setting.name);
      }
      one.options.push_back("help");
      add_settings<Options>(*one.app, program, one.given);
      one.app->footer(filled(program, text.notes));
    });
    ParsedCommand& train = commands.front();
    train.options.push_back("config");
    train.app->add_option("--" + kConfigOption.name, config, kConfigOption.help)
        ->type_name(kConfigOption.placeholder)
        ->take_last();
  }

  /// For its commands; it may be a command itself.
  CLI::App& group_of(const std::string& name) {
    const std::vector<CLI::App*> known =
        app.get_subcommands([&](const CLI::App* one) { return one->get_name() == name; });
    if (!known.empty()) return *known.front()->require_subcommand(0, 1);
    const auto has_name = [&name](const CommandGroup& one) { return one.name == name; };
    const auto group = std::find_if(command_groups().begin(), command_groups().end(), has_name);
    return *app.add_subcommand(name, group->about)->allow_extras()->require_subcommand(0, 1);
  }

  /// The program, a group or a command: the last one that was named.
  const CLI::App& named() const {
    const CLI::App* last = &app;
    while (!last->get_subcommands().empty()) last = last->get_subcommands().front();
    return *last;
  }
  const ParsedCommand* named_command() const {
    const auto is_named = [this](const ParsedCommand& one) { return one.app == &named(); };
    const auto found = std::find_if(commands.begin(), commands.end(), is_named);
    return found == commands.end() ? nullptr : &*found;
  }
  /// "mnist_gan data import"
  std::string path_of(const CLI::App& of) const {
    return (of.get_parent() == nullptr ? "" : path_of(*of.get_parent()) + " ") + of.get_name();
  }
  std::string help() const {
    const CLI::App* parent = named().get_parent();
    return named().help(parent == nullptr ? "" : path_of(*parent));
  }

  /// As the settings of the named command are called; of train where there is none of that name.
  static std::vector<std::string> canonical_of(const std::vector<std::string>& arguments) {
    const auto begins_with = [&arguments](const std::string& command) {
      const auto [group, word] = words_of(command);
      const std::size_t at = group.empty() ? 0 : 1;
      return arguments.size() > at && arguments[at] == word && (at == 0 || arguments.front() == group);
    };
    std::string named;  // of "runs" and "runs compare" the longer one
    for_each_command([&]<class Options>() {
      const std::string name = Options::kCommand.name;
      if (begins_with(name) && name.size() > named.size()) named = name;
    });
    if (named.empty()) named = TrainOptions::kCommand.name;
    std::vector<std::string> canonical;
    for_each_command([&]<class Options>() {
      if (named == Options::kCommand.name) canonical = canonical_arguments(Options::settings(), arguments);
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
    for (const CLI::App* one = &named(); one != nullptr; one = one->get_parent()) refuse_extras(*one);
    return "";
  }

  void refuse_extras(const CLI::App& of) const {
    const std::vector<std::string> extras = of.remaining();
    if (extras.empty()) return;
    for (const ParsedCommand& one : commands) {
      if (one.app == &of) refuse_unknown(extras, one.options, path_of(of), one.arguments);
    }
    if (extras.front().starts_with("-")) {
      refuse_unknown(
          extras,
          of.get_parent() == nullptr ? std::vector<std::string>{"help", "version"} : std::vector<std::string>{"help"},
          path_of(of));
    }
    std::vector<std::string> names;
    for (const CLI::App* one : of.get_subcommands({})) names.push_back(one->get_name());
    throw UsageError("unknown command " + in_quotes(extras.front()) + did_you_mean(extras.front(), names) + "\nTry '" +
                     path_of(of) + " --help'.");
  }

  /// Throws UsageError where the named command lacks an argument.
  void require_arguments() const {
    for_each_command([this]<class Options>() {
      const ParsedCommand* one = named_command();
      if (one == nullptr || one->name != Options::kCommand.name) return;
      for (const Setting<Options>& setting : Options::settings()) {
        if (setting.place != Place::required || one->given.contains(setting.name)) continue;
        throw UsageError(one->name + ": expected " + setting.placeholder + ", " + filled(program, setting.help) +
                         "; found nothing\nTry '" + path_of(*one->app) + " --help'.");
      }
    });
  }
};

}  // namespace

GivenCommand read_arguments(const TrainingProgram& program, const std::vector<std::string>& arguments) {
  CommandLine line(program);
  GivenCommand given;
  given.text = line.parse(arguments);
  if (!given.text.empty()) return given;
  const ParsedCommand* named = line.named_command();
  if (named == nullptr) {
    given.text = line.help();
    return given;
  }
  line.require_arguments();
  given.command = named->name;
  given.config = line.config;
  given.flags = named->given;
  return given;
}

}  // namespace duel::app

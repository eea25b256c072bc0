#include "app/shell/completion.h"

namespace duel::app {
namespace {

/// In single quotes, in which fish knows two escapes.
std::string fish_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::string option_line(const std::string& beginning, const OptionManual& option) {
  std::string line = beginning;
  if (has_flag(option.place)) line += " -l " + option.name;
  if (option.is_path) {
    line += has_flag(option.place) ? " -r -F" : " -F";
  } else if (has_flag(option.place) && !option.placeholder.empty()) {
    line += " -x";
  }
  if (!option.names.empty()) {
    line += " -a " + fish_quoted(join(option.names, " "));
  }
  return line + " -d " + fish_quoted(option.help) + "\n";
}

constexpr const char* kBegins = R"(
  set -l typed (commandline -opc)
  set -e typed[1]
  set -l words (string split ' ' -- "$argv[1]")
  test -n "$argv[1]"; or set words
  test (count $typed) -ge (count $words); or return 1
  for i in (seq (count $words))
    test "$typed[$i]" = "$words[$i]"; or return 1
  end
)";

}  // namespace

std::string fish_completion(const std::string& program, const std::vector<CommandManual>& commands) {
  const std::string after = "_" + function_name(program) + "_after", at = "_" + function_name(program) + "_at";
  std::string text = "# fish completion of " + program + ", made by `" + program + " completion fish`.\n";
  text += "function " + after + kBegins + "end\nfunction " + at + "\n  " + after +
          " $argv[1]; or return 1\n  set -l typed (commandline -opc)\n  set -l words (string split -n ' ' -- "
          "\"$argv[1]\")\n"
          "  test (count $typed) -eq (math (count $words) + 1)\nend\n";
  text += "complete -c " + program + " -f\n";
  const auto add_words = [&](const std::string& group) {
    for (const CommandGroup& word : words_after(group, commands)) {
      text += "complete -c " + program + " -n " + fish_quoted(at + " " + fish_quoted(group)) + " -a " + word.name +
              " -d " + fish_quoted(word.about) + "\n";
    }
  };
  add_words("");
  for (const CommandGroup& group : command_groups()) add_words(group.name);
  for (const CommandManual& command : commands) add_words(command.name);
  text += "complete -c " + program + " -n " + fish_quoted(at + " ''") + " -l version -d 'print the version and stop'\n";
  text += "complete -c " + program + " -s h -l help -d 'print help and stop'\n";
  for (const CommandManual& command : commands) {
    const std::string beginning =
        "complete -c " + program + " -n " + fish_quoted(after + " " + fish_quoted(command.name));
    for (const OptionManual& option : command.options) {
      if (has_flag(option.place) || option.is_path || !option.names.empty()) text += option_line(beginning, option);
    }
  }
  return text;
}

}  // namespace duel::app

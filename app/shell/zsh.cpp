#include <algorithm>

#include "app/shell/completion.h"
#include "files/text.h"

namespace duel::app {
namespace {

/// For what _arguments and _describe read: ':', '[' and ']' mean something there.
std::string escaped(const std::string& text, const std::string& special) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) != std::string::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string action_of(const OptionManual& option) {
  if (option.is_path) return "_files";
  if (option.names.empty()) return " ";
  return "(" + join(option.names, " ") + ")";
}

std::string argument_line(const OptionManual& option) {
  const std::string placeholder = escaped(option.placeholder, ":\\");
  if (!has_flag(option.place)) return "    " + in_shell_quotes("*:" + placeholder + ":" + action_of(option));
  const std::string help = "[" + escaped(option.help, "[]\\") + "]";
  if (option.placeholder.empty()) return "    " + in_shell_quotes("--" + option.name + help);
  return "    " + in_shell_quotes("--" + option.name + "=" + help + ":" + placeholder + ":" + action_of(option));
}

std::string command_function(const std::string& function, const CommandManual& command,
                             const std::vector<CommandManual>& commands) {
  std::string name = function + "_" + command.name;
  std::replace(name.begin(), name.end(), ' ', '_');
  std::string dispatch, words;
  for (const CommandGroup& word : words_after(command.name, commands)) {
    dispatch += "  if [[ $words[2] == " + word.name + " ]]; then\n    shift words\n    (( CURRENT-- ))\n    " + name +
                "_" + word.name + "\n    return\n  fi\n";
    words += (words.empty() ? "" : " ") + word.name;
  }
  const bool takes_files = std::any_of(command.options.begin(), command.options.end(), [](const OptionManual& option) {
    return !has_flag(option.place) && option.is_path;
  });
  const std::string action = takes_files ? "{ compadd " + words + "; _files }" : "(" + words + ")";
  if (!words.empty()) words = "    " + in_shell_quotes("1:command:" + action) + " \\\n";
  return name + "() {\n" + dispatch + "  _arguments \\\n" + words + join(command.options, " \\\n", argument_line) +
         (command.options.empty() ? "" : " \\\n") + "    '(- *)'{-h,--help}'[print help and stop]'\n}\n";
}

/// A function that completes the words after `group`, or after the program's name.
std::string words_function(const std::string& function, const std::string& group,
                           const std::vector<CommandManual>& commands) {
  std::string described, cases;
  for (const CommandGroup& word : words_after(group, commands)) {
    described += "    " + in_shell_quotes(word.name + ":" + escaped(word.about, ":\\")) + "\n";
    cases += "    " + word.name + ") " + function + "_" + word.name + " ;;\n";
  }
  return function + "() {\n  local line state\n  _arguments -C '(- *)'{-h,--help}'[print help and stop]'" +
         (group.empty() ? " '(- *)--version[print the version and stop]'" : "") +
         " '1: :->command' '*:: :->rest' && return\n  local -a words_there\n  words_there=(\n" + described +
         "  )\n  case $state in\n  command) _describe command words_there ;;\n  rest) case $line[1] in\n" + cases +
         "    esac ;;\n  esac\n}\n";
}

}  // namespace

std::string zsh_completion(const std::string& program, const std::vector<CommandManual>& commands) {
  const std::string function = function_name(program);
  std::string text =
      "#compdef " + program + "\n# zsh completion of " + program + ", made by `" + program + " completion zsh`.\n";
  for (const CommandManual& command : commands) {
    text += command_function(function, command, commands);
  }
  for (const CommandGroup& group : command_groups()) {
    if (!words_after(group.name, commands).empty())
      text += words_function(function + "_" + group.name, group.name, commands);
  }
  return text + words_function(function, "", commands) + "if [ \"$funcstack[1]\" = \"" + function + "\" ]; then\n  " +
         function + " \"$@\"\nelse\n  compdef " + function + " " + program + "\nfi\n";
}

}  // namespace duel::app

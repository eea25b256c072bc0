#include <algorithm>

#include "app/shell/completion.h"
#include "files/text.h"

namespace duel::app {
namespace {

std::string flag(const OptionManual& option) {
  return has_flag(option.place) ? "--" + option.name : "";
}

/// The lines that know what follows an option of the command, and what stands without one.
std::string case_of(const CommandManual& command, const std::string& more_words) {
  std::string text = "    " + in_shell_quotes(command.name) + ")\n      words='" + join(command.options, " ", flag) +
                     " --help" + more_words + "'\n";
  std::string named, paths, free;
  const auto add = [](std::string& pattern, const OptionManual& option) {
    pattern += (pattern.empty() ? "" : " | ") + flag(option);
  };
  for (const OptionManual& option : command.options) {
    const bool is_option = has_flag(option.place);
    if (!is_option && option.is_path) text += "      files=yes\n";
    if (!is_option && !option.names.empty()) text += "      words+=' " + join(option.names, " ") + "'\n";
    if (!is_option || option.placeholder.empty()) continue;
    if (option.is_path) {
      add(paths, option);
    } else if (option.names.empty()) {
      add(free, option);
    } else {
      named += "        " + flag(option) + ") values='" + join(option.names, " ") + "' ;;\n";
    }
  }
  if (!paths.empty()) named += "        " + paths + ") files=only ;;\n";
  if (!free.empty()) named += "        " + free + ") return 0 ;;\n";
  if (!named.empty()) text += "      case \"$previous\" in\n" + named + "      esac\n";
  return text + "      ;;\n";
}

constexpr const char* kBeginning = R"(  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local command='' words='' values='' files='' word i
  [[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD - 2]}
  [[ $current == = ]] && current=''
  for ((i = 1; i < COMP_CWORD; ++i)); do
    word=$command${command:+ }${COMP_WORDS[i]}
    case "$word" in
)";
constexpr const char* kEnd = R"(  esac
  if [[ -n $values ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
    return 0
  fi
  [[ $files == only ]] || mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ -n $files && ( $files == only || $current != -* ) ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
  fi
}
)";

}  // namespace

std::string bash_completion(const std::string& program, const std::vector<CommandManual>& commands) {
  const std::string function = function_name(program);
  const auto name_of_word = [](const CommandGroup& word) { return word.name; };
  std::string known, cases;
  cases += "    '') words='" + join(words_after("", commands), " ", name_of_word) + " --help --version' ;;\n";
  for (const CommandManual& command : commands) {
    known += (known.empty() ? "" : " | ") + in_shell_quotes(command.name);
    const std::string more = join(words_after(command.name, commands), " ", name_of_word);
    cases += case_of(command, more.empty() ? "" : " " + more);
  }
  for (const CommandGroup& group : command_groups()) {
    const std::string words = join(words_after(group.name, commands), " ", name_of_word);
    if (words.empty()) continue;
    known += " | " + in_shell_quotes(group.name);
    const auto is_command = [&group](const CommandManual& one) { return one.name == group.name; };
    if (std::none_of(commands.begin(), commands.end(), is_command)) {
      cases += "    " + in_shell_quotes(group.name) + ") words='" + words + " --help' ;;\n";
    }
  }
  return "# bash completion of " + program + ", made by `" + program + " completion bash`.\n" + function + "() {\n" +
         kBeginning + "      " + known +
         ") command=$word ;;\n      *) break ;;\n    esac\n  done\n  case \"$command\" in\n" + cases + kEnd +
         "complete -F " + function + " " + program + "\n";
}

}  // namespace duel::app

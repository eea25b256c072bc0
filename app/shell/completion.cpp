#include "app/shell/completion.h"

#include <algorithm>
#include <cctype>

#include "app/shell/shell.h"

namespace duel::app {

std::vector<CommandGroup> words_after(const std::string& group, const std::vector<CommandManual>& commands) {
  std::vector<CommandGroup> words;
  const auto add = [&words](const std::string& name, const std::string& about) {
    const auto has_name = [&name](const CommandGroup& one) { return one.name == name; };
    if (std::none_of(words.begin(), words.end(), has_name)) words.push_back({name, about});
  };
  for (const CommandManual& command : commands) {
    const auto [first, second] = words_of(command.name);
    if (first == group) {
      add(second, command.about);
    } else if (group.empty()) {
      for (const CommandGroup& one : command_groups()) {
        if (one.name == first) add(first, one.about);
      }
    }
  }
  return words;
}

std::string function_name(const std::string& program) {
  std::string name = program;
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return "_" + name;
}

std::string completion_script(const TrainingProgram& program, Shell shell) {
  const std::vector<CommandManual> commands = manual_of(program);
  switch (shell) {
    case Shell::zsh:
      return zsh_completion(program.name, commands);
    case Shell::fish:
      return fish_completion(program.name, commands);
    case Shell::bash:
      break;
  }
  return bash_completion(program.name, commands);
}

}  // namespace duel::app

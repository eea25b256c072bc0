#include "app/settings/manual.h"
#include "app/shell/shell.h"

namespace duel::app {
namespace {

constexpr const char* kExitStatus[][2] = {{"0", "all went well"},
                                          {"1", "an internal error"},
                                          {"2", "a command line, variable or configuration file that cannot be obeyed"},
                                          {"3", "data or a checkpoint that cannot be used"},
                                          {"4", "the device, its driver, or too little memory"},
                                          {"5", "a training that diverged"},
                                          {"6", "the disk, or standard output"},
                                          {"7", "a generator that collapsed, where --on-collapse asks to stop"},
                                          {"129, 130, 143", "stopped by a signal, after saving"}};

/// For roff: backslashes, hyphens that people type, and lines that would be requests.
std::string roff(const std::string& text) {
  std::string result;
  bool begins_line = true;
  for (const char c : text) {
    if (begins_line && (c == '.' || c == '\'')) result += "\\&";
    begins_line = c == '\n';
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  return result;
}

std::string verbatim(const std::string& text) {
  return ".nf\n" + roff(text) + "\n.fi\n";
}

std::string option_entry(const OptionManual& option) {
  std::string text = ".TP\n";
  if (!has_flag(option.place)) {
    text += "\\fI" + roff(option.placeholder) + "\\fR\n";
  } else {
    text += "\\fB\\-\\-" + roff(option.name) + "\\fR" +
            (option.placeholder.empty() ? "" : " \\fI" + roff(option.placeholder) + "\\fR") + "\n";
  }
  text += roff(option.help);
  if (!option.default_value.empty()) text += ". Default: " + roff(option.default_value);
  return text + "\n";
}

std::string command_section(const std::string& program, const CommandManual& command) {
  std::string text = ".SS " + roff(program + " " + command.name) + "\n" + roff(command.about) + "\n";
  std::string group;
  for (const OptionManual& option : command.options) {
    if (option.group != group && !option.group.empty()) text += ".PP\n" + roff(option.group) + ":\n";
    group = option.group;
    text += option_entry(option);
  }
  if (!command.notes.empty()) text += ".PP\n" + verbatim(command.notes);
  return text;
}

}  // namespace

std::string manual_page(const TrainingProgram& program) {
  std::string about = program.about;
  if (about.ends_with('.')) about.pop_back();
  std::string upper = program.name;
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  std::string text = ".\\\" Made by `" + program.name + " man`.\n.TH " + roff(upper) + " 1 \"\" \"" + program.name +
                     " " DUEL_VERSION "\" \"User Commands\"\n.nh\n.ad l\n.SH NAME\n" + roff(program.name) + " \\- " +
                     roff(about) + "\n.SH SYNOPSIS\n.B " + roff(program.name) +
                     "\n\\fICOMMAND\\fR [\\fIOPTION\\fR]...\n.SH DESCRIPTION\n" + verbatim(introduction(program)) +
                     ".SH COMMANDS\n";
  for (const CommandManual& command : manual_of(program)) text += command_section(program.name, command);
  text += ".SH ENVIRONMENT\n.TP\n.B " + roff(variable_of(program, "batch-size")) +
          "\nand the like: the value of an option where the command line gives none.\n.TP\n.B NO_COLOR\nno colours on "
          "the terminal.\n"
          ".SH \"EXIT STATUS\"\n";
  for (const auto& [code, meaning] : kExitStatus) text += ".TP\n.B " + roff(code) + "\n" + roff(meaning) + "\n";
  return text;
}

}  // namespace duel::app

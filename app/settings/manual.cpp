#include "app/settings/manual.h"

#include <algorithm>
#include <string_view>

#include "app/settings/commands.h"
#include "app/settings/setting.h"
#include "files/suggest.h"

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
  {program} export --checkpoint latest --format html --out explorer.html
  {program} runs                       what there is; runs compare 3 7 shows two side by side
  {program} bench                      time an iteration on this machine, and what takes how much of it
)";

template <class Options>
CommandManual command_manual(const TrainingProgram& program) {
  const CommandText& text = Options::kCommand;
  CommandManual manual{text.name, text.about, filled(program, text.notes), {}};
  const Options defaults = defaults_of<Options>(program);
  for (const Setting<Options>& setting : Options::settings()) {
    OptionManual option{setting.name, setting.placeholder, filled(program, setting.help), setting.group};
    const std::string value = setting.placeholder.empty() ? "" : as_typed(setting.get(defaults));
    option.default_value = value == "[]" ? "" : value;
    option.place = setting.place;
    option.names = setting.names;
    if (setting.name == "preset") option.names = preset_names(program);
    if (setting.name == "device") option.names = {"auto", "cpu", "cuda"};
    option.is_path = setting.is_path;
    manual.options.push_back(option);
  }
  if (std::is_same_v<Options, TrainOptions>) manual.options.push_back(kConfigOption);
  return manual;
}

}  // namespace

std::string filled(const TrainingProgram& program, std::string text) {
  if (text.find('{') == std::string::npos) return text;
  const std::vector<std::string> names = preset_names(program);
  std::string presets, examples;
  for (const Preset& preset : program.presets) {
    presets += (presets.empty() ? "" : "; ") + preset.name + (preset.about.empty() ? "" : ": " + preset.about);
    if (preset.name == names.front()) continue;
    std::string example = "  " + program.name + " train --preset " + preset.name;
    example.resize(std::max(example.size() + 1, program.name.size() + 30), ' ');
    examples += example + preset.about + "\n";
  }
  std::string downloads;
  for (const Download& download : program.downloads) {
    downloads += "  " + download.name + std::string(10 - std::min<std::size_t>(download.name.size(), 9), ' ') +
                 download.about + "\n";
  }
  const std::string first_download = program.downloads.empty() ? "NAME" : program.downloads.front().name;
  const std::pair<const char*, std::string> words[] = {{"{about}", program.about},
                                                       {"{downloads}", downloads},
                                                       {"{first download}", first_download},
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

std::string introduction(const TrainingProgram& program) {
  return filled(program, kIntroduction);
}

std::string as_typed(std::string value) {
  std::erase_if(value, [](char c) { return c == '"' || c == '[' || c == ']' || c == ' '; });
  return value;
}

const std::vector<CommandGroup>& command_groups() {
  static const std::vector<CommandGroup> kGroups = {{"data", "Import, fetch and look at images."}};
  return kGroups;
}

std::pair<std::string, std::string> words_of(const std::string& command) {
  const auto space = command.find(' ');
  if (space == std::string::npos) return {"", command};
  return {command.substr(0, space), command.substr(space + 1)};
}

std::vector<CommandManual> manual_of(const TrainingProgram& program) {
  std::vector<CommandManual> commands;
  for_each_command([&]<class Options>() { commands.push_back(command_manual<Options>(program)); });
  return commands;
}

}  // namespace duel::app

// One list of settings serves flags, environment variables, configuration files and the help.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/settings/train_options.h"
#include "engine/configuration/config_names.h"
#include "engine/configuration/config_ranges.h"
#include "engine/configuration/game.h"
#include "engine/measure/result_output.h"

namespace duel {

// Enumerations of the commands' options, beside those of engine/configuration/config_names.h.
EnumNames<BatchStatistics> names_of(BatchStatistics);
EnumNames<GeneratorWeights> names_of(GeneratorWeights);
EnumNames<PixelRange> names_of(PixelRange);
EnumNames<ResultFormat> names_of(ResultFormat);

namespace app {

EnumNames<OnCollapse> names_of(OnCollapse);
EnumNames<LogFormat> names_of(LogFormat);

/// Whether the setting of a run may be another one when the run is resumed.
enum class OnResume {
  fixed,    ///< it decides results, or what the run folder holds
  farther,  ///< a goal, which may only be moved away; 0: none
  free,     ///< it decides neither
};

/// Where a value stands on the command line.
enum class Place {
  option,    ///< after its flag, or in a variable or a file
  flag,      ///< after its flag alone: other commands mean other things by the name
  argument,  ///< by itself, and nowhere else; it may be left out
  required,  ///< by itself, and nowhere else
};
inline bool has_flag(Place place) {
  return place == Place::option || place == Place::flag;
}

/// One setting of a command. Its name "batch-size" is the flag --batch-size, the variable (variable_of())
/// PROGRAM_BATCH_SIZE and the key batch-size of a configuration file; '_' counts as '-' everywhere.
template <class Options>
struct Setting {
  std::string name;
  std::string placeholder;  ///< of its value in the help; "" for a switch
  std::string help;         ///< "{presets}" and "{preset names}" stand for the program's
  std::string group;
  /// From one text, or from those of a list. Throws std::invalid_argument: expected, found.
  std::function<void(Options&, const std::vector<std::string>& texts)> set;
  std::function<std::string(const Options&)> get;  ///< as a value in a configuration file
  /// Throws SettingError for a whole number outside of the setting's range.
  std::function<void(const Options&)> check = [](const Options&) {};
  std::vector<std::string> aliases;
  OnResume on_resume = OnResume::fixed;
  std::function<bool(const Options& from, const Options& to)> is_farther;  ///< of goals only
  bool in_file = true;  ///< false: asks for something once, so neither read from files nor written to them
  bool is_kept = true;  ///< false: stands for others, so files may have it, but it is not written to them
  Place place = Place::option;
  bool is_list = false;                 ///< a file may give several values
  bool is_repeatable = false;           ///< a flag, too: they add up
  bool may_be_empty = false;            ///< "" is a value: none of the list, no window
  std::vector<std::string> names = {};  ///< of which the value is one, or each of a list; empty: anything
  bool is_path = false;                 ///< of a file or folder
  std::string bare_value = {};          ///< of the flag without a value; "": it needs one
};

/// '_' becomes '-'.
inline std::string hyphenated(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

/// The same, and an alias becomes the setting's own name; an unknown name stays.
template <class Options>
std::string canonical_name(const std::vector<Setting<Options>>& settings, std::string name) {
  name = hyphenated(std::move(name));
  for (const Setting<Options>& setting : settings) {
    if (std::find(setting.aliases.begin(), setting.aliases.end(), name) != setting.aliases.end()) return setting.name;
  }
  return name;
}

/// The setting of that canonical name, nullptr where there is none.
template <class Options>
const Setting<Options>* find_setting(const std::vector<Setting<Options>>& settings, const std::string& name) {
  const auto has_name = [&name](const Setting<Options>& setting) { return setting.name == name; };
  const auto found = std::find_if(settings.begin(), settings.end(), has_name);
  return found == settings.end() ? nullptr : &*found;
}

/// All names and aliases of options: what a mistyped one is compared with.
template <class Options>
std::vector<std::string> known_names(const std::vector<Setting<Options>>& settings) {
  std::vector<std::string> names;
  for (const Setting<Options>& setting : settings) {
    if (!has_flag(setting.place)) continue;
    names.push_back(setting.name);
    names.insert(names.end(), setting.aliases.begin(), setting.aliases.end());
  }
  return names;
}

inline constexpr int kMostImages = 100'000;  ///< that a command draws

/// Names of files, any of which may hold commas and spaces. Lists of anything else may be one text with commas.
using FileList = std::vector<std::filesystem::path>;

/// The texts between commas, without spaces around them.
std::vector<std::string> split_list(const std::string& text);

// Text to value; each throws std::invalid_argument "expected ..., found '...'".
void parse_value(const std::string& text, std::uint64_t& value);
void parse_value(const std::string& text, float& value);
void parse_value(const std::string& text, double& value);
void parse_value(const std::string& text, bool& value);
void parse_value(const std::string& text, std::string& value);
void parse_value(const std::string& text, std::filesystem::path& value);  // or a file URL, see files/path_text.h
void parse_value(const std::string& text, IterationWindow& value);

template <NamedEnum Value>
void parse_value(const std::string& text, Value& value) {
  value = parse_name<Value>(text);
}
template <NamedEnum Value>
void parse_value(const std::string& text, std::optional<Value>& value) {
  value = parse_name<Value>(text);
}

// Texts to whole numbers. They may be outside of the range (see Setting::check), which is for messages only.
void parse_values(const std::vector<std::string>& texts, int& value, const WholeRange& range);
void parse_values(const std::vector<std::string>& texts, std::int64_t& value, const WholeRange& range);
void parse_values(const std::vector<std::string>& texts, std::optional<int>& value, const WholeRange& range);
void parse_values(const std::vector<std::string>& texts, std::vector<int>& value, const WholeRange& range);

// Texts to a list.
void parse_values(const std::vector<std::string>& texts, FileList& value);
void parse_values(const std::vector<std::string>& texts, std::vector<std::string>& value);
void parse_values(const std::vector<std::string>& texts, std::vector<StepKind>& value);
/// The text of a value that is no list. Throws std::invalid_argument where there is not just one.
const std::string& only(const std::vector<std::string>& texts);
/// To any other value.
template <class Value>
void parse_values(const std::vector<std::string>& texts, Value& value) {
  parse_value(only(texts), value);
}

// Value to text, as a configuration file has it.
std::string format_value(int value);
std::string format_value(std::int64_t value);
std::string format_value(const std::optional<int>& value);  ///< "" where there is none
std::string format_value(std::uint64_t value);
std::string format_value(float value);
std::string format_value(double value);
std::string format_value(bool value);
std::string format_value(const std::string& value);
std::string format_value(const std::filesystem::path& value);
std::string format_value(const std::vector<int>& value);
std::string format_value(const std::vector<std::string>& value);
std::string format_value(const FileList& value);
std::string format_value(const IterationWindow& value);
template <NamedEnum Value>
std::string format_value(Value value) {
  return format_value(std::string(name_of(value)));
}
template <NamedEnum Value>
std::string format_value(const std::optional<Value>& value) {
  return value ? format_value(*value) : "";
}
std::string format_value(const std::vector<StepKind>& value);

}  // namespace app
}  // namespace duel

// How a command lists its settings: a function visit_settings() that shows every one to a visitor, and this file makes
// of it what Setting holds.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "app/errors/exit_code.h"
#include "app/settings/setting.h"

namespace duel::app {

/// A command's `const Options` or `Options`: visit_settings() takes both.
template <class Options, class Command>
concept OptionsOf = std::same_as<std::remove_const_t<Options>, Command>;

/// What is said of a setting, beside the member that it is.
struct Label {
  std::string name;
  const char* placeholder;
  const char* help;
  std::vector<const char*> aliases = {};
  OnResume on_resume = OnResume::fixed;
  bool in_file = true;
  Place place = Place::option;
  const char* bare_value = "";
  bool is_kept = true;
};

inline constexpr std::int64_t kMostInt = std::numeric_limits<int>::max();
inline constexpr WholeRange kWholeNumbers{0, std::numeric_limits<std::int64_t>::max()},
    kIntervals{1, kWholeNumbers.high};
inline constexpr WholeRange kPorts{0, 65535};
inline constexpr const char* kPortHelp =
    "show the run in a browser of this machine, http://127.0.0.1:PORT/; 0: the first free port from 8765 on";
inline constexpr const char* kRunHelp = "folder of the run; or latest, the newest one below runs/";
inline constexpr WholeRange kScales{1, 64};
inline constexpr const char* kDataHelp = "folder with the images, IDX files; left out: search the usual places";

inline constexpr const char* kScaleHelp = "pixels of a picture for each pixel of an image, a side";
inline constexpr WholeRange kThreads{0, 1024};  // of the CPU device

// Settings that several commands have.

template <class Visitor, class Options>
void visit_kernels(Visitor& visit, Options& kernels) {
  visit({"kernel-file", "FILE", "add the variants of this kernel file, .cu; may be repeated", {}, OnResume::free},
        kernels.files);
  visit({"kernel",
         "OP=VARIANT",
         "run this variant of an op (kernel_lab list shows them); may be repeated",
         {},
         OnResume::free},
        kernels.chosen);
  visit({"no-tuned-kernels", "", "ignore what kernel_lab tune found on this machine", {}, OnResume::free},
        kernels.ignore_tuned);
}

/// Which dataset a command looks at.
template <class Visitor, class Options>
void visit_dataset(Visitor& visit, Options& options) {
  visit({.name = "data",
         .placeholder = "DIR",
         .help = "the dataset's folder; left out: search the usual places",
         .place = Place::argument},
        options.data);
}

/// How a command that prints a table does so.
template <class Visitor, class Format>
void visit_format(Visitor& visit, Format& format) {
  visit({"format", "FORMAT", "how to print it: table, json or csv"}, format);
}

/// How a command's result is printed, and the file that has it, too.
template <class Visitor, class Result>
void visit_result(Visitor& visit, Result& result) {
  visit({"format", "FORMAT", "of the result: table, json or csv; left out: by the ending of --out, else table"},
        result.format);
  visit({"out",
         "FILE",
         "write everything to this file (.csv, .txt, else JSON); the table is printed all the same",
         {"json"}},
        result.file);
}

/// Where a command computes, and with which kernels.
template <class Visitor, class Options>
void visit_device(Visitor& visit, Options& options) {
  visit.group("Device");
  visit({"device", "DEVICE", "auto, cpu, cuda or cuda:N"}, options.device);
  visit({"threads", "N", "worker threads of the CPU device; 0: all processors it may use", {"n-cpu"}}, options.threads,
        kThreads);

  visit.group("Kernels");
  visit_kernels(visit, options.kernels);
}

// Of commands that draw.
inline constexpr const char* kWeightsHelp = "average: their moving average, where the training kept one; or last";
inline constexpr const char* kStatisticsHelp = "batch norm's: running averages, or batch as during training";

/// Of weights without a configuration.
template <class Visitor, class Options>
void visit_preset(Visitor& visit, Options& options) {
  visit({"preset", "NAME", "eps and slope of weights without a configuration: {preset names}"}, options.preset);
}

/// Of commands that take a network from a file.
template <class Visitor, class Options>
void visit_checkpoint(Visitor& visit, Options& options) {
  visit({"checkpoint", "PATH", "of a run: its folder, a file, or latest; or weights of the published script"},
        options.checkpoint);
  visit_preset(visit, options);
}

/// What commands have in common that draw images from a checkpoint.
template <class Visitor, class Options>
void visit_generator(Visitor& visit, Options& options) {
  visit_checkpoint(visit, options);
  visit({"seed", "N", "decides the latents"}, options.seed);
  visit({"class", "NAME,...", "of a conditional generator: draw these classes, by name or number; left out: all"},
        options.classes);
  visit({"outdir", "DIR", "where the pictures go"}, options.outdir);
  visit({"statistics", "WHICH", kStatisticsHelp}, options.statistics);
  visit({"weights", "WHICH", kWeightsHelp}, options.weights);
  visit({"range", "WHICH", "black and white: fixed, -1 and 1; or minmax, least and greatest pixel of a picture"},
        options.range);
  visit({"scale", "N", kScaleHelp}, options.scale, kScales);
}

// What becomes of the list.

/// Calls `act` with the member called `name`, and with its range where it has one.
template <class Act>
struct MemberVisitor {
  const std::string& name;
  const Act& act;

  void group(const char*) {}
  template <class Value>
  void operator()(const Label& label, Value& value) {
    if (label.name == name) act(value);
  }
  template <class Value>
  void operator()(const Label& label, Value& value, const WholeRange& range) {
    if (label.name == name) act(value, range);
  }
};
template <class Options, class Act>
void with_member(Options& options, const std::string& name, const Act& act) {
  MemberVisitor<Act> visitor{name, act};
  visit_settings(visitor, options);
}

inline void require_in_range(const std::string& name, std::int64_t value, const WholeRange& range) {
  if (range.contains(value)) return;
  throw SettingError(name, ": expected " + range.text() + ", found " + std::to_string(value));
}
inline void require_in_range(const std::string& name, const std::optional<int>& value, const WholeRange& range) {
  if (value) require_in_range(name, *value, range);
}
inline void require_in_range(const std::string& name, const std::vector<int>& values, const WholeRange& range) {
  for (const int value : values) require_in_range(name, value, range);
}

/// The number that is the member called `name`.
template <class Options>
double number_of(const Options& options, const std::string& name) {
  double number = 0;
  with_member(options, name, [&number](const auto& value, const auto&...) {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(value)>>) number = static_cast<double>(value);
  });
  return number;
}

template <class Value>
inline constexpr bool is_optional = false;
template <class Value>
inline constexpr bool is_optional<std::optional<Value>> = true;

/// Texts, paths and what may be absent are one value, though the standard library calls that of lists, too.
template <class Value>
inline constexpr bool is_list_of = requires {
  typename Value::value_type;
}
&&!std::is_same_v<Value, std::string> && !std::is_same_v<Value, std::filesystem::path> && !is_optional<Value>;

/// The names that a value has, or each one of a list.
template <class Value>
std::vector<std::string> names_of_value() {
  std::vector<std::string> names;
  if constexpr (NamedEnum<Value>) {
    for (const auto& [value, name] : names_of(Value{})) names.emplace_back(name);
  } else if constexpr (is_list_of<Value> || is_optional<Value>) {
    return names_of_value<typename Value::value_type>();
  }
  return names;
}

template <class Options>
struct Collector {
  std::vector<Setting<Options>> settings;
  std::string current_group;

  void group(const char* name) { current_group = name; }
  template <class Value>
  void operator()(const Label& label, const Value&, const WholeRange& = {}) {
    Setting<Options> setting;
    setting.name = label.name;
    setting.placeholder = label.placeholder;
    setting.help = label.help;
    setting.group = current_group;
    for (const char* const alias : label.aliases) setting.aliases.push_back(hyphenated(alias));
    setting.in_file = label.in_file;
    setting.is_kept = label.is_kept;
    setting.place = label.place;
    setting.on_resume = label.on_resume;
    setting.bare_value = label.bare_value;
    if constexpr (std::is_arithmetic_v<Value>) {
      setting.is_farther = [name = label.name](const Options& from, const Options& to) {
        const double goal = number_of(to, name), before = number_of(from, name);
        return goal == 0 || (before != 0 && goal >= before);
      };
    }
    constexpr bool is_of_texts = std::is_same_v<Value, std::vector<std::string>>;
    setting.is_repeatable = is_of_texts || std::is_same_v<Value, FileList>;
    setting.is_list = is_list_of<Value>;
    setting.may_be_empty = is_of_texts || std::is_same_v<Value, IterationWindow>;
    setting.names = names_of_value<Value>();
    setting.is_path = std::is_same_v<Value, std::filesystem::path> || std::is_same_v<Value, FileList>;
    setting.set = [name = label.name](Options& options, const std::vector<std::string>& texts) {
      with_member(options, name, [&texts](auto& value, const auto&... range) { parse_values(texts, value, range...); });
    };
    setting.check = [name = label.name](const Options& options) {
      with_member(options, name,
                  [&name](const auto& value, const auto&... range) { (require_in_range(name, value, range), ...); });
    };
    setting.get = [name = label.name](const Options& options) {
      std::string text;
      with_member(options, name, [&text](const auto& value, const auto&...) { text = format_value(value); });
      return text;
    };
    settings.push_back(std::move(setting));
  }
};

/// What a command's settings() returns.
template <class Options>
const std::vector<Setting<Options>>& collected_settings() {
  static const std::vector<Setting<Options>> kSettings = [] {
    Collector<Options> collector;
    const Options options;
    visit_settings(collector, options);
    return collector.settings;
  }();
  return kSettings;
}

}  // namespace duel::app

#include <algorithm>
#include <charconv>
#include <climits>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "app/settings/config_file.h"
#include "app/settings/setting.h"
#include "files/number_text.h"
#include "files/path_text.h"
#include "files/text.h"

namespace duel {

EnumNames<BatchStatistics> names_of(BatchStatistics) {
  using enum BatchStatistics;
  static constexpr EnumName<BatchStatistics> kNames[] = {{running, "running"}, {batch, "batch"}};
  return kNames;
}
EnumNames<GeneratorWeights> names_of(GeneratorWeights) {
  using enum GeneratorWeights;
  static constexpr EnumName<GeneratorWeights> kNames[] = {{average, "average"}, {last, "last"}};
  return kNames;
}
EnumNames<PixelRange> names_of(PixelRange) {
  using enum PixelRange;
  static constexpr EnumName<PixelRange> kNames[] = {{fixed, "fixed"}, {minmax, "minmax"}};
  return kNames;
}
EnumNames<ResultFormat> names_of(ResultFormat) {
  using enum ResultFormat;
  static constexpr EnumName<ResultFormat> kNames[] = {{table, "table"}, {json, "json"}, {csv, "csv"}};
  return kNames;
}

namespace app {

EnumNames<OnCollapse> names_of(OnCollapse) {
  using enum OnCollapse;
  static constexpr EnumName<OnCollapse> kNames[] = {{warn, "warn"}, {stop, "stop"}, {rollback, "rollback"}};
  return kNames;
}

EnumNames<LogFormat> names_of(LogFormat) {
  using enum LogFormat;
  static constexpr EnumName<LogFormat> kNames[] = {{jsonl, "jsonl"}, {csv, "csv"}};
  return kNames;
}

namespace {

[[noreturn]] void refuse_value(const std::string& expected, const std::string& text) {
  throw std::invalid_argument("expected " + expected + ", found " + in_quotes(text));
}

template <class Number>
bool is_number(const std::string& text, Number& value) {
  const auto number = read_number<Number>(text);
  value = number.value_or(Number{});
  return number.has_value();
}

template <class Integer>
void parse_integer(const std::string& text, Integer& value, const WholeRange& range) {
  if (!is_number(text, value)) refuse_value(range.text(), text);
}

template <class Real>
void parse_real(const std::string& text, Real& value) {
  if (!is_number(text, value)) refuse_value("a number", text);
}

template <class Number>
std::string format_number(Number value) {
  char text[64];
  const Number size = std::abs(value);
  const bool is_plain = value == 0 || (size >= Number(1e-5) && size < Number(1e15));
  const auto format = is_plain ? std::chars_format::fixed : std::chars_format::scientific;
  return {text, std::to_chars(text, text + sizeof(text), value, format).ptr};
}

}  // namespace

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> elements;
  for (std::string::size_type begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    std::string element = text.substr(begin, end - begin);
    element.erase(0, element.find_first_not_of(' '));
    element.erase(element.find_last_not_of(' ') + 1);
    elements.push_back(std::move(element));
    begin = end + 1;
  }
  return elements;
}

const std::string& only(const std::vector<std::string>& texts) {
  if (texts.size() == 1) return texts.front();
  throw std::invalid_argument("expected one value, found a list of " + std::to_string(texts.size()));
}

void parse_value(const std::string& text, std::uint64_t& value) {
  if (!is_number(text, value)) {
    refuse_value("a whole number from 0 to " + std::to_string(std::numeric_limits<std::uint64_t>::max()), text);
  }
}
void parse_value(const std::string& text, float& value) {
  parse_real(text, value);
}
void parse_value(const std::string& text, double& value) {
  parse_real(text, value);
}
void parse_value(const std::string& text, std::string& value) {
  value = text;
}

void parse_value(const std::string& text, std::filesystem::path& value) {
  value = path_of_text(text);
  if (value.native().size() < PATH_MAX) return;  // with the zero at its end
  refuse_value("a path of fewer than " + std::to_string(PATH_MAX) + " bytes", text);
}

void parse_value(const std::string& text, bool& value) {
  if (text != "true" && text != "false" && text != "1" && text != "0") refuse_value("true or false", text);
  value = text == "true" || text == "1";
}

void parse_values(const std::vector<std::string>& texts, FileList& value) {
  value.clear();
  for (const std::string& text : texts) {
    if (!text.empty()) parse_value(text, value.emplace_back());
  }
}

void parse_values(const std::vector<std::string>& texts, int& value, const WholeRange& range) {
  parse_integer(only(texts), value, range);
}

void parse_values(const std::vector<std::string>& texts, std::int64_t& value, const WholeRange& range) {
  parse_integer(only(texts), value, range);
}

void parse_values(const std::vector<std::string>& texts, std::optional<int>& value, const WholeRange& range) {
  parse_integer(only(texts), value.emplace(), range);
}

void parse_values(const std::vector<std::string>& texts, std::vector<int>& value, const WholeRange& range) {
  value.clear();
  for (const std::string& text : texts) {
    for (const std::string& element : split_list(text)) {
      if (!is_number(element, value.emplace_back()))
        refuse_value("whole numbers separated by commas, each " + range.text(), text);
    }
  }
}

void parse_values(const std::vector<std::string>& texts, std::vector<std::string>& value) {
  value.clear();
  for (const std::string& text : texts) {
    if (text.empty()) continue;
    const std::vector<std::string> elements = split_list(text);
    if (std::find(elements.begin(), elements.end(), "") != elements.end())
      refuse_value("values separated by commas", text);
    value.insert(value.end(), elements.begin(), elements.end());
  }
}

void parse_values(const std::vector<std::string>& texts, std::vector<StepKind>& value) {
  value.clear();
  for (const std::string& text : texts) {
    for (const std::string& name : split_list(text)) value.push_back(parse_name<StepKind>(name));
  }
}

void parse_value(const std::string& text, IterationWindow& value) {
  value = {};
  if (text.empty()) return;
  const char* const end = text.data() + text.size();
  const auto [colon, begin_error] = std::from_chars(text.data(), end, value.begin);
  const bool has_begin = begin_error == std::errc() && colon != end && *colon == ':';
  const auto [rest, end_error] = std::from_chars(has_begin ? colon + 1 : end, end, value.end);
  if (!has_begin || end_error != std::errc() || rest != end || value.begin < 0 || value.begin >= value.end) {
    refuse_value("A:B with 0 <= A < B for iterations A to B-1, counted from 0", text);
  }
}

std::string format_value(int value) {
  return std::to_string(value);
}
std::string format_value(std::int64_t value) {
  return std::to_string(value);
}
std::string format_value(const std::optional<int>& value) {
  return value ? std::to_string(*value) : "";
}
std::string format_value(std::uint64_t value) {
  const std::string digits = std::to_string(value);  // TOML's whole numbers have a sign
  return value > std::numeric_limits<std::int64_t>::max() ? toml_string(digits) : digits;
}
std::string format_value(float value) {
  return format_number(value);
}
std::string format_value(double value) {
  return format_number(value);
}
std::string format_value(bool value) {
  return value ? "true" : "false";
}
std::string format_value(const std::string& value) {
  return toml_string(value);
}

std::string format_value(const std::filesystem::path& value) {
  return toml_string(path_text(value));
}

std::string format_value(const std::vector<int>& value) {
  std::string text;
  for (const int element : value) text += (text.empty() ? "[" : ", ") + std::to_string(element);
  return text.empty() ? "[]" : text + "]";
}

std::string format_value(const std::vector<std::string>& value) {
  std::string text = "[";
  for (const std::string& element : value) text += (text.size() == 1 ? "" : ", ") + toml_string(element);
  return text + "]";
}

std::string format_value(const FileList& value) {
  std::vector<std::string> texts;
  for (const std::filesystem::path& file : value) texts.push_back(path_text(file));
  return format_value(texts);
}

std::string format_value(const std::vector<StepKind>& value) {
  std::vector<std::string> names;
  for (const StepKind step : value) names.push_back(name_of(step));
  return format_value(names);
}
std::string format_value(const IterationWindow& value) {
  return toml_string(value.is_empty() ? "" : std::to_string(value.begin) + ":" + std::to_string(value.end));
}

}  // namespace app
}  // namespace duel

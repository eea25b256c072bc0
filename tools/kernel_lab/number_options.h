// Options that take numbers, within limits that the messages name.
#pragma once

#include <CLI/CLI.hpp>
#include <concepts>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "engine/configuration/config_ranges.h"
#include "files/number_text.h"
#include "files/text.h"

namespace duel::lab {

/// Which whole numbers an option takes, both ends included.
template <class Integer>
struct Limits {
  Integer low = 0;
  Integer high = std::numeric_limits<Integer>::max();

  constexpr Limits() = default;
  constexpr Limits(Integer least, Integer greatest) : low(least), high(greatest) {}
  constexpr Limits(const WholeRange& range)
      : low(static_cast<Integer>(range.low)), high(static_cast<Integer>(range.high)) {}

  std::string text() const { return "a whole number from " + std::to_string(low) + " to " + std::to_string(high); }
  /// Throws CLI::ValidationError of that option.
  Integer read(const std::string& option, const std::string& text_of_value) const {
    const auto value = read_number<Integer>(text_of_value);
    if (value && *value >= low && *value <= high) return *value;
    throw CLI::ValidationError(option, "expected " + text() + ", found " + in_quotes(text_of_value));
  }
};

namespace detail {
template <std::integral Integer>
void set_default(CLI::Option& option, Integer value) {
  option.default_str(std::to_string(value));
}
template <class Integer>
void set_default(CLI::Option&, const std::optional<Integer>&) {}
template <class Value>
struct IntegerOf {
  using Type = Value;
};
template <class Integer>
struct IntegerOf<std::optional<Integer>> {
  using Type = Integer;
};
}  // namespace detail

/// Adds an option for a whole number, or one that may be absent. Its value so far is the default.
template <class Value, class Integer = typename detail::IntegerOf<Value>::Type>
CLI::Option* add_whole_number(CLI::App& command, const std::string& names, Value& value,
                              const std::type_identity_t<Limits<Integer>>& limits, const std::string& help) {
  const std::string option = names.substr(0, names.find(','));
  CLI::Option* const added = command.add_option_function<std::string>(
      names, [&value, limits, option](const std::string& text) { value = limits.read(option, text); }, help);
  added->type_name("N");
  detail::set_default(*added, value);
  return added;
}

/// Adds an option for several, separated by commas.
inline CLI::Option* add_whole_numbers(CLI::App& command, const std::string& name, std::vector<int>& values,
                                      const Limits<int>& limits, const std::string& help) {
  return command
      .add_option_function<std::vector<std::string>>(
          name,
          [&values, limits, name](const std::vector<std::string>& texts) {
            values.clear();
            for (const std::string& text : texts) values.push_back(limits.read(name, text));
          },
          help)
      ->delimiter(',')
      ->type_name("N,N,...");
}

/// For CLI::Option::check(): a number from low to high.
std::function<std::string(const std::string&)> number_between(double low, double high);

}  // namespace duel::lab

// Numbers as our programs take them: decimal, all of the text, and nothing that other readers take for one, such as
// spaces, "+5", "0x10" or 010 for eight.
#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <optional>
#include <string_view>
#include <system_error>

namespace duel {

/// The number that `text` is; nothing where it is none, or none that the type can hold. Real numbers are finite.
template <class Number>
std::optional<Number> read_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if constexpr (std::floating_point<Number>) {
    if (!std::isfinite(value)) return std::nullopt;
  }
  return value;
}

/// The double whose shortest decimal form is that of `value`: 0.2 instead of 0.20000000298023224.
inline double shortest_double(float value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof(text), value).ptr;
  double result = value;
  std::from_chars(text, end, result);
  return static_cast<float>(result) == value ? result : value;
}

}  // namespace duel

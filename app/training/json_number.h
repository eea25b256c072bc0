// Numbers for lines of JSON.
#pragma once

#include <charconv>
#include <cmath>
#include <string>

namespace duel::app {

/// `value` with at most so many significant digits; "null" where it is not finite, which JSON lacks.
inline std::string json_number(double value, int digits) {
  if (!std::isfinite(value)) return "null";
  char text[64];
  return {text, std::to_chars(text, text + sizeof(text), value, std::chars_format::general, digits).ptr};
}

}  // namespace duel::app

// Numbers for lines of JSON.
#pragma once

#include <fmt/core.h>
#include <cmath>
#include <string>

namespace duel::app {

/// `value` with at most so many significant digits; "null" where it is not finite, which JSON lacks.
inline std::string json_number(double value, int digits) {
  return std::isfinite(value) ? fmt::format("{:.{}g}", value, digits) : "null";
}

}  // namespace duel::app

// Numbers for lines of JSON.
#pragma once

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

namespace duel::app {

/// `value` with at most so many significant digits; null where it is not finite, which JSON lacks.
inline nlohmann::ordered_json json_number(double value, int digits) {
  if (!std::isfinite(value)) return nullptr;
  return nlohmann::ordered_json::parse(fmt::format("{:.{}g}", value, digits));
}

}  // namespace duel::app

// One table of an enumeration's names serves both directions.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

#include "files/text.h"

namespace duel {

template <class Enum>
struct EnumName {
  Enum value;
  const char* name;
};

template <class Enum>
std::string find_name(std::span<const EnumName<Enum>> names, Enum value) {
  for (const EnumName<Enum>& entry : names) {
    if (entry.value == value) return entry.name;
  }
  throw std::invalid_argument("no enumerator has the value " + std::to_string(static_cast<int>(value)));
}

/// '-' counts as '_'. None where no entry has that name.
template <class Enum>
std::optional<Enum> find_known(std::span<const EnumName<Enum>> names, const std::string& name) {
  std::string spelled = name;
  std::replace(spelled.begin(), spelled.end(), '-', '_');
  for (const EnumName<Enum>& entry : names) {
    if (spelled == entry.name) return entry.value;
  }
  return {};
}

/// The same. Throws std::invalid_argument that lists the names.
template <class Enum>
Enum find_value(std::span<const EnumName<Enum>> names, const std::string& name) {
  if (const auto known = find_known(names, name)) return *known;
  std::string accepted;
  for (const EnumName<Enum>& entry : names) {
    accepted += (accepted.empty() ? "" : " or ") + std::string(entry.name);
  }
  throw std::invalid_argument("expected " + accepted + ", found " + in_quotes(name));
}

}  // namespace duel

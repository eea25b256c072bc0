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
using EnumNames = std::span<const EnumName<Enum>>;

/// An enumeration with a function that gives its table, `EnumNames<Enum> names_of(Enum)`, beside it.
template <class Enum>
concept NamedEnum = requires(Enum value) {
  names_of(value);
};

/// Throws std::invalid_argument for a value that has no name.
template <NamedEnum Enum>
std::string name_of(Enum value) {
  for (const EnumName<Enum>& entry : names_of(value)) {
    if (entry.value == value) return entry.name;
  }
  throw std::invalid_argument("no enumerator has the value " + std::to_string(static_cast<int>(value)));
}

/// '-' counts as '_'. None where no entry has that name.
template <class Enum>
std::optional<Enum> find_known(EnumNames<Enum> names, const std::string& name) {
  std::string spelled = name;
  std::replace(spelled.begin(), spelled.end(), '-', '_');
  for (const EnumName<Enum>& entry : names) {
    if (spelled == entry.name) return entry.value;
  }
  return {};
}

/// The same. Throws std::invalid_argument that lists the names.
template <class Enum>
Enum find_value(EnumNames<Enum> names, const std::string& name) {
  if (const auto known = find_known(names, name)) return *known;
  std::string accepted;
  for (const EnumName<Enum>& entry : names) {
    accepted += (accepted.empty() ? "" : " or ") + std::string(entry.name);
  }
  throw std::invalid_argument("expected " + accepted + ", found " + in_quotes(name));
}
template <NamedEnum Enum>
Enum parse_name(const std::string& name) {
  return find_value<Enum>(names_of(Enum{}), name);
}

}  // namespace duel

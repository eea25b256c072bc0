// JSON on its way out of the program.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace duel {

/// The JSON text, valid UTF-8 whatever the strings in it are: U+FFFD stands for what is none. `indent`: spaces for each
/// level; -1: all on one line.
template <class Json>
std::string json_text(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace duel

// A training configuration as JSON, the form in which a checkpoint carries it.
#pragma once

#include <string>

#include "engine/configuration/config.h"
#include "engine/io/data_error.h"

namespace duel {

/// The entry of a checkpoint's metadata that holds it.
inline constexpr const char* kConfigKey = "config";

/// All fields, under the names of engine/configuration/config.h; numbers round-trip exactly.
std::string to_json(const TrainingConfig& config);

/// The inverse. Throws DataError that names the key where one is missing, unknown, given twice, of another type or
/// out of range (see validate()), and the byte where the text is no JSON.
TrainingConfig config_from_json(const std::string& text);

}  // namespace duel

// Points in time as files have them.
#pragma once

#include <ctime>
#include <string>

namespace duel {

/// "2026-01-31T23:59:59Z"
std::string utc_text(std::time_t time);

}  // namespace duel

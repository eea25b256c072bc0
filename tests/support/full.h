// Whether the tests are to take their time.
#pragma once

#include <cstdlib>

namespace duel::test {

/// True under `tools/test.sh --full`: every case of what is else tried at some of them.
inline bool is_full_run() {
  return std::getenv("DUEL_FULL_TESTS") != nullptr;
}

}  // namespace duel::test

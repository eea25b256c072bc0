// What `kernel_lab tune` found: entries that are read choose kernels.
#include "engine/tuning/tuning_cache.h"

#include <nlohmann/json.hpp>

#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"

namespace duel::fuzz {

void read_tuning_cache(Input input) {
  const MemoryFile file(as_text(input));
  try {
    for (const TuningEntry& entry : duel::read_tuning_cache(file.path())) {
      KernelSelection selection;
      const std::string problem = prefer_tuned(selection, file.path(), entry.key);
      if (!problem.empty()) broken_promise("entries were read, and then: " + problem);
    }
  } catch (const DataError&) {
  }
}

std::vector<std::string> tuning_cache_seeds() {
  const nlohmann::json choice = {{"op", "adam"},
                                 {"shapes", "parameters[4]"},
                                 {"variant", "flat"},
                                 {"seconds", 1e-6},
                                 {"measured", "2025-01-31T12:00:00Z"}};
  const nlohmann::json entry = {{"device", "cpu"},     {"driver", "none"},  {"runtime", "1"},
                                {"compiler", "clang"}, {"kernels", "hash"}, {"choices", {choice}}};
  return {nlohmann::json{{"format", "duel kernel choices 1"}, {"entries", {entry}}}.dump()};
}

}  // namespace duel::fuzz

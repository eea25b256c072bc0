// The fastest variants that `kernel_lab tune` found on this machine, kept from one program to the next: a JSON file
//   {"format": "duel kernel choices 1", "checksum": XXH3 of the entries as JSON without spaces,
//    "entries": [{"device", "driver", "runtime", "compiler", "kernels",
//                 "choices": [{"op", "shapes", "variant", "seconds", "measured"}, ...]}, ...]}
// with an entry for each TuningKey. Only the app reads it: an engine takes the selection that it is given.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/io/data_error.h"
#include "engine/tuning/tuning_key.h"
#include "kernels/kernel_selection.h"

namespace duel {

struct TunedKernel {
  std::string op;
  std::string shapes;    ///< as shapes_text() has them
  std::string variant;   ///< the fastest of those that were verified
  double seconds = 0;    ///< median of a launch
  std::string measured;  ///< when, UTC: "2025-01-31T12:00:00Z"

  bool operator==(const TunedKernel&) const = default;
};

struct TuningEntry {
  TuningKey key;
  std::vector<TunedKernel> kernels;

  bool operator==(const TuningEntry&) const = default;
};

/// $XDG_CACHE_HOME/duel/kernels.json, else $HOME/.cache/duel/kernels.json; nothing where neither variable is set.
std::optional<std::filesystem::path> tuning_cache_file();

/// All entries; none where there is no file. Throws DataError for anything that update_tuning_cache() does not write;
/// it names the file, the place in it, what was expected and how to mend it.
std::vector<TuningEntry> read_tuning_cache(const std::filesystem::path& file);

/// Replaces the choices for these ops and shapes in the entry of `key`, and leaves its others. Entries of the same
/// device and compiler with another driver, runtime or kernels are out of date and removed. Programs that do this at
/// once wait for each other (a lock on the folder), readers see the old file or the new one. A file that cannot be read
/// is renamed to FILE.bad first. Returns what to tell people about that, or nothing. Throws std::system_error.
std::string update_tuning_cache(const std::filesystem::path& file, const TuningKey& key,
                                std::span<const TunedKernel> kernels);

/// Lets `selection` prefer what the cache holds for `key`. Never throws for a bad file: returns what to tell people
/// about it, or nothing.
std::string prefer_tuned(KernelSelection& selection, const std::filesystem::path& file, const TuningKey& key);

}  // namespace duel

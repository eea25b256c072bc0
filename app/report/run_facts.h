// What a run's files say in a few words or a number, for its page and for lists of runs.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "app/report/run_record.h"

namespace duel::app {

/// Iterations that the run has done: as its outcome says, else as far as its logs and pictures reach; NaN where nothing
/// says.
double iterations_done(const RunRecord& run);

/// Real images that D has seen in a second, over the whole run; NaN where the logs do not say.
double images_per_second(const RunRecord& run);

/// The folder's name, with that above it where it says nothing by itself, such as MNIST/raw.
std::string data_name(const std::filesystem::path& folder);

/// "2026-01-31 23:59 UTC" of "2026-01-31T23:59:59Z".
std::string date_text(std::string time);

/// How many classes have at least a fifth of an even share of the last samples, and how many there are; 0 of 0 where
/// nobody counted.
struct ClassesFound {
  std::size_t found = 0, all = 0;
};
ClassesFound classes_found(const LogTable& looks);

/// The alarm that rang at the last look; nullptr where none did.
const Alarm* alarm_at_the_end(const LogTable& log);

}  // namespace duel::app

#include "engine/io/checkpoint_path.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <system_error>
#include <vector>

#include "engine/io/data_error.h"
#include "files/number_text.h"
#include "files/numbered_name.h"
#include "files/text.h"

namespace duel {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLatest = "latest";
constexpr const char* kEnding = ".safetensors";

bool is_run(const NumberedEntry& entry) {
  return entry.digits <= kMostRunDigits && entry.rest.starts_with("-");
}
bool is_checkpoint(const NumberedEntry& entry) {
  return entry.rest == kEnding;
}

/// The numbered entries of a folder that are wanted, the greatest number first; none where the folder cannot be read.
template <class IsWanted>
std::vector<fs::path> newest_first(const fs::path& folder, const IsWanted& is_wanted) {
  std::vector<fs::path> paths;
  try {
    for (NumberedEntry& entry : numbered_entries(folder)) {
      if (is_wanted(entry)) paths.push_back(std::move(entry.path));
    }
  } catch (const std::system_error&) {
  }
  std::reverse(paths.begin(), paths.end());
  return paths;
}

/// The run with that number; nothing where there is none, or the text is no number.
std::optional<fs::path> numbered_run(const std::string& number, const fs::path& runs) {
  const auto wanted = read_number<std::int64_t>(number);
  if (!wanted) return std::nullopt;
  std::error_code ignored;
  const auto is_wanted = [&](const NumberedEntry& entry) { return entry.number == *wanted && is_run(entry); };
  for (const fs::path& run : newest_first(runs, is_wanted)) {
    if (fs::is_directory(run, ignored)) return run;
  }
  return std::nullopt;
}

/// Of a run folder, or of its folder of checkpoints.
std::optional<fs::path> latest_checkpoint_in(const fs::path& folder) {
  std::error_code ignored;
  for (const fs::path& checkpoints : {folder / "checkpoints", folder}) {
    const fs::path latest = checkpoints / (std::string(kLatest) + kEnding);
    if (fs::is_regular_file(latest, ignored)) return latest;
    const std::vector<fs::path> numbered = newest_first(checkpoints, is_checkpoint);
    if (!numbered.empty()) return numbered.front();
  }
  return std::nullopt;
}

}  // namespace

fs::path newest_run(const fs::path& runs) {
  std::error_code ignored;
  for (const fs::path& run : newest_first(runs, is_run)) {
    if (fs::is_directory(run, ignored)) return run;
  }
  throw DataError("expected a run, a folder such as 00007-default, below " + fs::absolute(runs).string() +
                  ", found none; name the run");
}

fs::path find_run(const std::string& named, const fs::path& runs) {
  std::error_code ignored;
  if (named == kLatest) return newest_run(runs);
  if (fs::is_directory(named, ignored)) return named;
  if (const auto run = numbered_run(named, runs)) return *run;
  throw DataError(in_quotes(named) + ": expected a run, its folder or its number in " + in_quotes(runs) +
                  ", found neither. The command runs lists them.");
}

fs::path find_checkpoint(const std::string& named, const fs::path& runs) {
  if (named == kLatest) {
    for (const fs::path& run : newest_first(runs, is_run)) {
      if (const auto checkpoint = latest_checkpoint_in(run)) return *checkpoint;
    }
    throw DataError("checkpoint 'latest': expected a run with a checkpoint below " + fs::absolute(runs).string() +
                    ", found none. Name the file or the run folder.");
  }
  std::error_code ignored;
  fs::path folder = named;
  if (!fs::exists(fs::symlink_status(named, ignored))) folder = numbered_run(named, runs).value_or(named);
  if (!fs::is_directory(folder, ignored)) return named;
  if (const auto checkpoint = latest_checkpoint_in(folder)) return *checkpoint;
  throw DataError(folder.string() + ": expected a run folder with checkpoints/latest" + kEnding +
                  ", found a folder without. Name the run folder, or a file; a run has its first checkpoint after a "
                  "minute or at its end.");
}

}  // namespace duel

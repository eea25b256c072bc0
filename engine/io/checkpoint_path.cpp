#include "engine/io/checkpoint_path.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <system_error>
#include <vector>

#include "engine/io/data_error.h"

namespace duel {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLatest = "latest";
constexpr const char* kEnding = ".safetensors";

using IsWanted = bool (*)(const std::string& name_after_number);

bool is_run(const std::string& rest) {
  return rest.starts_with("-");
}
bool is_checkpoint(const std::string& rest) {
  return rest == kEnding;
}

/// The entries of a folder whose names are a number and what is wanted, the greatest number first; none where the
/// folder cannot be read.
std::vector<fs::path> newest_first(const fs::path& folder, IsWanted is_wanted) {
  constexpr std::size_t kMostDigits = 18;
  std::vector<std::pair<std::int64_t, fs::path>> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
    if (digits == 0 || digits > kMostDigits || !is_wanted(name.substr(digits))) continue;
    found.emplace_back(std::stoll(name), entry->path());
  }
  std::sort(found.rbegin(), found.rend());
  std::vector<fs::path> paths;
  for (auto& [number, path] : found) paths.push_back(std::move(path));
  return paths;
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
  throw DataError("expected a run below " + fs::absolute(runs).string() + ", found none");
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
  if (!fs::is_directory(named, ignored)) return named;
  if (const auto checkpoint = latest_checkpoint_in(named)) return *checkpoint;
  throw DataError(named + ": expected a run folder with checkpoints/latest" + kEnding +
                  ", found a folder without. Name the run folder, or a file; a run has its first checkpoint after a "
                  "minute or at its end.");
}

}  // namespace duel

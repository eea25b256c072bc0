#include "app/settings/data_fetch_options.h"

#include <algorithm>

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"
#include "app/settings/training_program.h"
#include "files/suggest.h"

namespace duel::app {
namespace {

constexpr double kMostPatience = 3600;

/// The one of that name. Throws UsageError.
template <class Named>
const Named& named(const std::vector<Named>& all, const std::string& name, const std::string& option) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
  if (found != all.end()) return *found;
  std::vector<std::string> names;
  for (const Named& one : all) names.push_back(one.name);
  if (names.empty()) throw UsageError(option + ": this program knows no dataset to download");
  throw UsageError(option + ": expected " + alternatives(names) + ", found " + in_quotes(name) +
                   did_you_mean(name, names));
}

}  // namespace

const CommandText DataFetchOptions::kCommand = {
    "data fetch", "Download a dataset, and check that it is the published one.",
    "Datasets:\n{downloads}\n"
    "Examples:\n"
    "  {program} data fetch {first download}\n"
    "  {program} data fetch {first download} --mirror https://mirror.example.org/datasets/\n\n"
    "Files are checked against published SHA-256 sums. What was interrupted goes on where it stopped.",
    ""};

template <class Visitor, OptionsOf<DataFetchOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Download");
  visit({"dataset", "NAME", "a dataset of the list below", {}, OnResume::fixed, true, Place::required}, options.name);
  visit({"out", "DIR", "folder for it; left out: the user's data folder, where training looks"}, options.out);
  visit({"part", "NAME", "of a dataset with several; left out: its first"}, options.part);
  visit({"mirror", "URL", "folder to take the files from, http, https or file; left out: the usual ones"},
        options.mirror);
  visit({"patience", "S", "seconds without an answer after which the next mirror is tried"}, options.patience);
}

const std::vector<Setting<DataFetchOptions>>& DataFetchOptions::settings() {
  return collected_settings<DataFetchOptions>();
}

void validate_options(const DataFetchOptions& options) {
  check_ranges(DataFetchOptions::settings(), options);
  require(options.patience >= 1 && options.patience <= kMostPatience, "patience", options.patience,
          "1 to " + format_value(kMostPatience));
  const auto is_url = [&](const char* scheme) { return options.mirror.starts_with(scheme); };
  require(options.mirror.empty() || is_url("http://") || is_url("https://") || is_url("file:///"), "mirror",
          options.mirror, "a URL that begins with https://, http:// or file:///");
  part_of(options);
}

const Download& download_of(const DataFetchOptions& options) {
  return named(options.program->downloads, options.name, "NAME");
}

const ArchivePart* part_of(const DataFetchOptions& options) {
  const Download& download = download_of(options);
  if (download.parts.empty()) {
    require(options.part.empty(), "part", options.part, "none: " + download.name + " is one dataset");
    return nullptr;
  }
  return options.part.empty() ? &download.parts.front() : &named(download.parts, options.part, "--part");
}

}  // namespace duel::app

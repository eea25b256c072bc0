// `data fetch`: downloads a dataset.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/settings/downloads.h"
#include "app/settings/options.h"

namespace duel::app {

struct DataFetchOptions : CommandOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<DataFetchOptions>>& settings();

  std::string name;           ///< of the dataset
  std::filesystem::path out;  ///< folder; "": the usual one, where training finds it
  std::string part;           ///< of an archive; "": its first
  std::string mirror;         ///< URL to take the files from; "": the dataset's own
  double patience = 20;       ///< seconds without an answer or a byte, after which the next mirror is tried
};

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const DataFetchOptions& options);

/// The dataset that is asked for. Throws UsageError that suggests a name for an unknown one.
const Download& download_of(const DataFetchOptions& options);
/// Its part that is asked for; nullptr where it has none. Throws the same.
const ArchivePart* part_of(const DataFetchOptions& options);

}  // namespace duel::app

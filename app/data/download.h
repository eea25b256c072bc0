// Files from the network, whole and checked or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/settings/downloads.h"

namespace duel::app {

struct DownloadOptions {
  double patience = 20;  ///< seconds without an answer or a byte
  /// Hears from time to time how many bytes are there, and that others are tried after a mirror failed.
  std::function<void(std::uint64_t bytes)> progress = {};
  std::function<void(const std::string& note)> note = {};
};

/// Fetches `file` to `target` from the first of the mirrors that has it. Bytes go to TARGET.part, which stays where the
/// network fails: the next call, or the next mirror, goes on after them. Only what has the announced size and SHA-256
/// gets the name. A target that has them already stays as it is. Throws DataError that says of every mirror why it did
/// not do, or that the target is another file; UsageError in a build without libcurl; std::system_error where the disk
/// refuses. Returns whether anything was downloaded.
bool download_file(const DownloadFile& file, const std::vector<std::string>& mirrors,
                   const std::filesystem::path& target, const DownloadOptions& options);

/// SHA-256 of a file's bytes, 64 hexadecimal digits. Throws DataError where it cannot be read.
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace duel::app

// Files in ZIP archives.
#pragma once

#include <filesystem>
#include <string>

namespace duel::app {

/// Throws UsageError, with what to install, where this build has no libzip.
void require_archives();

/// Writes the entry of that name to `target`, unpacked; its checksum is verified. Throws DataError where the archive
/// has no such entry or is damaged, std::system_error where the disk refuses.
void extract_zip_entry(const std::filesystem::path& archive, const std::string& entry,
                       const std::filesystem::path& target);

}  // namespace duel::app

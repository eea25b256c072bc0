// Files that a command writes at its end: checked before the work begins.
#pragma once

#include <filesystem>
#include <string>

namespace duel::app {

/// Throws UsageError that names `flag` where the file's folder is missing or the file is a folder. An empty path is
/// fine: nothing will be written.
void check_output_file(const std::string& flag, const std::filesystem::path& file);

/// Writes the text to a temporary name, then renames it. Throws std::system_error.
void write_text(const std::filesystem::path& file, const std::string& text);

}  // namespace duel::app

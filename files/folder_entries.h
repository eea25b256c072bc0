// What is in a folder.
#pragma once

#include <filesystem>
#include <vector>

namespace duel {

/// All entries, in no order. Throws std::filesystem::filesystem_error that names the folder, also where the system
/// stops in the middle: std::filesystem::directory_iterator's own error does not say where it was.
std::vector<std::filesystem::directory_entry> entries_of(const std::filesystem::path& folder);

}  // namespace duel

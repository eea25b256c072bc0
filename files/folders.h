// What is in a folder, and folders that are made.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace duel {

/// All entries, in no order. Throws std::system_error that names the folder, also where the system stops in the middle:
/// std::filesystem::directory_iterator's own error does not say where it was.
std::vector<std::filesystem::directory_entry> entries_of(const std::filesystem::path& folder);

/// Throws std::system_error where `folder` is none and cannot become one, as it, or what would be above it, is a
/// file or a link to nothing. `option`: what named it, for the message.
void check_folder_name(const std::string& option, const std::filesystem::path& folder);

/// Makes a folder in one that exists, so that a power cut leaves it there; false where it was there before. Throws
/// std::system_error that names it.
bool make_folder(const std::filesystem::path& folder);

/// The same with what is missing above it.
void make_folders(const std::filesystem::path& folder);

}  // namespace duel

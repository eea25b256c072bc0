#include "files/folders.h"

#include <system_error>

#include "files/atomic_file.h"
#include "files/text.h"

namespace duel {

std::vector<std::filesystem::directory_entry> entries_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::directory_entry> entries;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) entries.push_back(*entry);
  if (error) {
    throw std::system_error(error,
                            "cannot list the folder " + in_quotes(folder) + "; check its permissions, or name another");
  }
  return entries;
}

void check_folder_name(const std::string& option, const std::filesystem::path& folder) {
  std::error_code ignored;
  std::filesystem::path there = std::filesystem::absolute(folder);
  while (there.has_relative_path() && !exists(symlink_status(there, ignored))) there = there.parent_path();
  if (is_directory(status(there, ignored))) return;
  const char* const found = is_symlink(symlink_status(there, ignored)) ? "a link to no folder" : "a file";
  throw std::system_error(std::make_error_code(std::errc::not_a_directory),
                          option + ": " + in_quotes(folder) + ": expected a folder, found that " + in_quotes(there) +
                              " is " + found + "; name another folder");
}

bool make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  const bool is_new = create_directory(folder, error);
  if (error) {
    throw std::system_error(
        error, "cannot make the folder " + in_quotes(folder) + "; check permissions and space, or name another one");
  }
  if (is_new) flush_folder(folder.has_parent_path() ? folder.parent_path() : ".");
  return is_new;
}

void make_folders(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (is_directory(folder, ignored)) return;
  const std::filesystem::path parent = folder.has_parent_path() ? folder.parent_path() : ".";
  if (parent != folder) make_folders(parent);
  make_folder(folder);
}

}  // namespace duel

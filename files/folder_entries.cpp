#include "files/folder_entries.h"

#include <system_error>

namespace duel {

std::vector<std::filesystem::directory_entry> entries_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::directory_entry> entries;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) entries.push_back(*entry);
  if (error) throw std::filesystem::filesystem_error("cannot list the folder", folder, error);
  return entries;
}

}  // namespace duel

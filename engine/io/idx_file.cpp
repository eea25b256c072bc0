#include "engine/io/idx_file.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "files/folders.h"

namespace duel {
namespace {

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::symlink_status(path, ignored).type() != std::filesystem::file_type::not_found;
}

bool is_folder(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

/// In the order of their names; none where the folder cannot be read.
std::vector<std::filesystem::path> sorted_entries(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> sorted;
  try {
    for (const auto& entry : entries_of(folder)) sorted.push_back(entry.path());
  } catch (const std::system_error&) {
    return {};
  }
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

/// "Train-Images.idx3_ubyte" to "train-images-idx3-ubyte".
std::string plain_spelling(std::string name) {
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '.' || c == '_') c = '-';
  }
  return name;
}

/// The name, and that of the same images in colour.
std::vector<std::string> names_of_content(const std::string& name) {
  std::vector<std::string> names = {name};
  const auto dimensions = name.find("idx3");
  if (dimensions != std::string::npos) names.push_back(std::string(name).replace(dimensions, 4, "idx4"));
  return names;
}

/// In any spelling, plain or .gz.
bool is_called(const std::filesystem::path& path, const std::string& name) {
  const std::string spelling = plain_spelling(path.filename().string());
  const auto is_spelling = [&](const std::string& one) { return spelling == one || spelling == one + "-gz"; };
  const std::vector<std::string> names = names_of_content(name);
  return std::any_of(names.begin(), names.end(), is_spelling);
}

}  // namespace

std::optional<std::filesystem::path> find_idx_file(const std::filesystem::path& folder, const std::string& name) {
  for (const std::string& one : names_of_content(name)) {
    for (const char* ending : {"", ".gz"}) {
      const auto file = folder / (one + ending);
      if (is_there(file) && !is_folder(file)) return file;
    }
  }
  for (const auto& entry : sorted_entries(folder)) {
    if (!is_called(entry, name)) continue;
    if (!is_folder(entry)) return entry;
    for (const auto& inner : sorted_entries(entry)) {
      if (is_called(inner, name) && !is_folder(inner)) return inner;
    }
  }
  return std::nullopt;
}

std::string what_is_there(const std::filesystem::path& folder, const std::string& name) {
  constexpr std::size_t kMostNames = 5;
  std::string similar;
  std::size_t names = 0;
  for (const auto& entry : sorted_entries(folder)) {
    if (is_folder(entry)) {
      const std::string subfolder = entry.filename().string();
      if (find_idx_file(entry, name)) return "; its subfolder " + subfolder + " has it";
      if (find_idx_file(entry / "raw", name)) return "; its subfolder " + subfolder + "/raw has it";
      continue;
    }
    const std::string spelling = plain_spelling(entry.filename().string());
    const bool is_similar = spelling.find("idx3") != std::string::npos || spelling.find("images") != std::string::npos;
    if (!is_similar || ++names > kMostNames) continue;
    similar += (names == 1 ? "; there are " : ", ") + entry.filename().string();
  }
  return similar + (names > kMostNames ? ", ..." : "");
}

}  // namespace duel

#include "engine/io/dataset_places.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "files/folders.h"

namespace duel {
namespace {

constexpr char kTrainingImages[] = "train-images-idx3-ubyte";
constexpr char kSystemFolder[] = "/usr/share/datasets/fashion-mnist";
constexpr char kHowToGetOne[] =
    "To get a dataset, install Debian's package dataset-fashion-mnist, or put train-images-idx3-ubyte and "
    "train-labels-idx1-ubyte (plain or .gz) into a folder and name it with --data or $MNIST_GAN_DATA.";

std::filesystem::path path_from_environment(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? std::filesystem::path() : std::filesystem::path(value);
}

DatasetPlace place_of_user_data() {
  const std::filesystem::path subfolder = std::filesystem::path("mnist_gan") / "mnist";
  const auto data_home = path_from_environment("XDG_DATA_HOME");
  if (data_home.is_absolute()) return {"$XDG_DATA_HOME", data_home / subfolder};
  const auto home = path_from_environment("HOME");
  if (!home.empty()) return {"$HOME", home / ".local" / "share" / subfolder};
  return {"$XDG_DATA_HOME and $HOME", std::nullopt};
}

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
  } catch (const std::filesystem::filesystem_error&) {
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

/// In any spelling, plain or .gz.
bool is_called(const std::filesystem::path& path, const std::string& name) {
  const std::string spelling = plain_spelling(path.filename().string());
  return spelling == name || spelling == name + "-gz";
}

// Empty where the folder holds the training images.
std::string what_lacks(const std::filesystem::path& folder) {
  std::error_code error;
  const auto status = std::filesystem::status(folder, error);
  if (status.type() == std::filesystem::file_type::not_found) return "no such folder";
  if (error) return error.message();
  if (!std::filesystem::is_directory(status)) return "not a folder";
  if (find_idx_file(folder, kTrainingImages)) return "";
  return std::string("no ") + kTrainingImages + " or .gz in it" + what_is_there(folder, kTrainingImages);
}

}  // namespace

std::vector<DatasetPlace> dataset_places(const std::optional<std::filesystem::path>& requested) {
  if (requested) return {{"requested", *requested}};
  const auto named = path_from_environment("MNIST_GAN_DATA");
  if (!named.empty()) return {{"$MNIST_GAN_DATA", named}};
  return {{"$MNIST_GAN_DATA", std::nullopt}, place_of_user_data(), {"system", kSystemFolder}};
}

std::filesystem::path first_dataset(const std::vector<DatasetPlace>& places) {
  std::string looked;
  for (const auto& place : places) {
    if (!place.folder) {
      looked += "\n  " + place.origin + ": not set";
      continue;
    }
    const std::string lack = what_lacks(*place.folder);
    if (lack.empty()) return *place.folder;
    looked += "\n  " + place.folder->string() + " (" + place.origin + "): " + lack;
  }
  throw DataError("no dataset found: expected a folder with " + std::string(kTrainingImages) + "; looked at:" + looked +
                  "\n" + kHowToGetOne);
}

std::optional<std::filesystem::path> find_idx_file(const std::filesystem::path& folder, const std::string& name) {
  for (const char* ending : {"", ".gz"}) {
    const auto file = folder / (name + ending);
    if (is_there(file) && !is_folder(file)) return file;
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

#include "engine/io/dataset_places.h"

#include <cstdlib>
#include <system_error>

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

// Empty where the folder holds the training images.
std::string what_lacks(const std::filesystem::path& folder) {
  std::error_code error;
  const auto status = std::filesystem::status(folder, error);
  if (status.type() == std::filesystem::file_type::not_found) return "no such folder";
  if (error) return error.message();
  if (!std::filesystem::is_directory(status)) return "not a folder";
  if (!find_idx_file(folder, kTrainingImages)) return std::string("no ") + kTrainingImages + " or .gz in it";
  return "";
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
    std::error_code ignored;
    if (std::filesystem::symlink_status(file, ignored).type() != std::filesystem::file_type::not_found) return file;
  }
  return std::nullopt;
}

}  // namespace duel

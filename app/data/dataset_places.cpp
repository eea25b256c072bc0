#include "app/data/dataset_places.h"

#include <cstdlib>
#include <system_error>

#include "engine/io/data_error.h"
#include "engine/io/idx_file.h"

namespace duel::app {
namespace {

constexpr char kTrainingImages[] = "train-images-idx3-ubyte";

std::filesystem::path path_from_environment(const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  return value == nullptr ? std::filesystem::path() : std::filesystem::path(value);
}

}  // namespace

std::string what_lacks(const std::filesystem::path& folder) {
  std::error_code error;
  const auto status = std::filesystem::status(folder, error);
  if (status.type() == std::filesystem::file_type::not_found) return "no such folder";
  if (error) return error.message();
  if (!std::filesystem::is_directory(status)) return "not a folder";
  if (find_idx_file(folder, kTrainingImages)) return "";
  return std::string("no ") + kTrainingImages + " or .gz in it" + what_is_there(folder, kTrainingImages);
}

DatasetPlace place_of_user_data(const std::filesystem::path& subfolder) {
  const auto data_home = path_from_environment("XDG_DATA_HOME");
  if (data_home.is_absolute()) return {"$XDG_DATA_HOME", data_home / subfolder};
  const auto home = path_from_environment("HOME");
  if (!home.empty()) return {"$HOME", home / ".local" / "share" / subfolder};
  return {"$XDG_DATA_HOME and $HOME", std::nullopt};
}

std::vector<DatasetPlace> dataset_places(const TrainingProgram& program,
                                         const std::optional<std::filesystem::path>& requested) {
  if (requested) return {{"requested", *requested}};
  const std::string variable = variable_of(program, "data");
  const auto named = path_from_environment(variable);
  if (!named.empty()) return {{"$" + variable, named}};
  return {{"$" + variable, std::nullopt}, place_of_user_data(program.data.of_user), {"system", program.data.of_system}};
}

std::filesystem::path first_dataset(const TrainingProgram& program, const std::vector<DatasetPlace>& places) {
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
                  "\nTo get a dataset, install Debian's package " + program.data.package + ", download one (" +
                  program.name + " data fetch --help), make one of pictures (" + program.name +
                  " data import --help), or put " + kTrainingImages +
                  " and train-labels-idx1-ubyte (plain or .gz) into a folder and name it (train --data DIR, data info "
                  "DIR) or set $" +
                  variable_of(program, "data") + ".");
}

std::filesystem::path find_dataset(const TrainingProgram& program,
                                   const std::optional<std::filesystem::path>& requested) {
  return first_dataset(program, dataset_places(program, requested));
}

}  // namespace duel::app

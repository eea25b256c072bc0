// Where a dataset may lie, and which of these places holds one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/settings/training_program.h"

namespace duel::app {

struct DatasetPlace {
  std::string origin;                           ///< who names the folder: "requested", "$MNIST_GAN_DATA", ...
  std::optional<std::filesystem::path> folder;  ///< none where the origin is not set
};

/// The places to look at, in order. A requested folder, or else one that the program's variable for "data" names, is
/// the only place: a typing error must not train on another dataset. Else where the program's images usually lie:
/// below $XDG_DATA_HOME (XDG default ~/.local/share), then the system's. Variables that are empty count as not set; so
/// does a relative $XDG_DATA_HOME (XDG Base Directory Specification 0.8).
std::vector<DatasetPlace> dataset_places(const TrainingProgram& program,
                                         const std::optional<std::filesystem::path>& requested);

/// `subfolder` of the user's data: below $XDG_DATA_HOME, or its default.
DatasetPlace place_of_user_data(const std::filesystem::path& subfolder);

/// What is wrong with a folder that should hold the training images; "" where it does.
std::string what_lacks(const std::filesystem::path& folder);

/// The first folder that holds the training images. Throws DataError that lists every place, what it lacks and how to
/// get a dataset.
std::filesystem::path first_dataset(const TrainingProgram& program, const std::vector<DatasetPlace>& places);

/// The folder to train from: the first of dataset_places().
std::filesystem::path find_dataset(const TrainingProgram& program,
                                   const std::optional<std::filesystem::path>& requested);

}  // namespace duel::app

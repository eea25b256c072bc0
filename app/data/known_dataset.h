// What is known of a dataset beside its images.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/data/found_images.h"
#include "app/settings/training_program.h"

namespace duel::app {

/// Which of the program's datasets these are, told by the training images themselves, wherever they lie and whatever
/// they are called; nullptr: none of them.
const Download* known_dataset(const TrainingProgram& program, const ImageSet& train);

/// The names of the classes by label: as the folder's dataset.json says, else those of known_dataset(); none where
/// nobody says. Throws DataError as read_class_names().
ClassNames class_names(const TrainingProgram& program, const std::filesystem::path& folder, const ImageSet& train);

/// The same for who can do without: of a damaged file it warns.
ClassNames class_names_if_any(const TrainingProgram& program, const std::filesystem::path& folder,
                              const ImageSet& train);

}  // namespace duel::app

// All that a dataset's folder holds.
#pragma once

#include <filesystem>

#include "app/data/found_images.h"
#include "app/settings/training_program.h"

namespace duel::app {

struct WholeDataset {
  std::filesystem::path folder;
  ImageSet train, test;  ///< with labels where there are any; test: perhaps without images
  ClassNames classes;    ///< names of labels; none where nobody gave any
};

/// Reads the folder, or where find_dataset() finds one if that is "". Throws DataError, also for damaged labels.
WholeDataset read_whole_dataset(const TrainingProgram& program, const std::filesystem::path& folder);

}  // namespace duel::app

// Pictures and tables become a dataset: IDX files that training reads.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/data/found_images.h"

namespace duel::app {

struct ImportedDataset {
  ImageSet train, test;  ///< test: perhaps without images
  ClassNames classes;    ///< none where the images have no labels
  std::vector<LeftOut> left_out;
  std::vector<std::string> notes;  ///< what was decided on the way, for people
};

/// Reads `settings.source`, whatever it is, and makes training and test images of it. Where the source does not say
/// which are which, `test_share` of each class are for tests, as the seed decides; it decides the order of all images,
/// too. Throws UsageError where no such dataset can be made, DataError where nothing can be read.
ImportedDataset import_images(const DataImportOptions& settings, const ImportProgress& progress);

/// Writes the IDX files and kDatasetFile into a folder that has none of them. Throws std::system_error.
void write_dataset(const ImportedDataset& dataset, const DataImportOptions& settings, const std::string& name,
                   const std::filesystem::path& folder);

/// What became of the source, for people: a few lines. They say, too, why `program` cannot train on it, if so.
std::string import_report(const ImportedDataset& dataset, const TrainingProgram& program);

}  // namespace duel::app

// What a dataset holds, in numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/data/whole_dataset.h"

namespace duel::app {

struct ClassCount {
  int label = 0;
  std::string name;
  std::int64_t train = 0, test = 0;  ///< images
};

/// Of a stack (engine/data/image_stack.h).
struct StackedClasses {
  int of_channel = 0;    ///< classes
  int combinations = 0;  ///< that there are of those
  int found = 0;         ///< among the training images
};

struct DatasetSummary {
  std::filesystem::path folder;
  std::string name;
  int height = 0, width = 0, channels = 1;
  std::int64_t train = 0, test = 0;  ///< images
  std::vector<ClassCount> classes;   ///< by label; none where there are no labels
  std::optional<StackedClasses> stacked = {};
  /// Of the training images' pixels as numbers from 0 to 1, for each channel.
  std::vector<double> means, deviations;
  std::int64_t copies_in_train = 0;  ///< training images that are equal to one before them
  std::int64_t test_in_train = 0;    ///< test images that are equal to a training image
  std::string checksum;              ///< of the training images, as checkpoints remember it
};

DatasetSummary summarise(const WholeDataset& dataset);

/// For programs; `format` is its first entry.
std::string summary_json(const DatasetSummary& summary, const std::string& format);
/// A line for each class.
std::string classes_csv(const std::vector<ClassCount>& classes);

}  // namespace duel::app

#include "app/data/known_dataset.h"

#include <algorithm>

#include "app/data/dataset_file.h"
#include "engine/io/data_identity.h"

namespace duel::app {

const Download* known_dataset(const TrainingProgram& program, const ImageSet& train) {
  const std::string checksum = identity_of(train).checksum;
  const auto found = std::find_if(program.downloads.begin(), program.downloads.end(),
                                  [&](const Download& one) { return one.checksum == checksum; });
  return found == program.downloads.end() ? nullptr : &*found;
}

ClassNames class_names(const TrainingProgram& program, const std::filesystem::path& folder, const ImageSet& train) {
  ClassNames names = read_class_names(folder);
  if (!names.empty()) return names;
  const Download* const known = known_dataset(program, train);
  return known == nullptr ? names : known->classes;
}

ClassNames class_names_if_any(const TrainingProgram& program, const std::filesystem::path& folder,
                              const ImageSet& train) {
  try {
    return class_names(program, folder, train);
  } catch (const DataError& error) {
    warn(program, std::string(error.what()) + " Until then classes are called by their labels.");
    return {};
  }
}

}  // namespace duel::app

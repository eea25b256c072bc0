#include "app/data/whole_dataset.h"

#include <optional>

#include "app/data/dataset_places.h"
#include "app/data/known_dataset.h"

namespace duel::app {

WholeDataset read_whole_dataset(const TrainingProgram& program, const std::filesystem::path& folder) {
  WholeDataset dataset;
  dataset.folder = find_dataset(program, folder.empty() ? std::nullopt : std::optional(folder));
  dataset.train = read_idx_folder(dataset.folder, Split::train);
  if (has_idx_images(dataset.folder, Split::test)) {
    dataset.test = read_idx_folder(dataset.folder, Split::test);
  }
  dataset.classes = class_names(program, dataset.folder, dataset.train);
  return dataset;
}

}  // namespace duel::app

#include "app/data/whole_dataset.h"

#include <optional>

#include "app/data/dataset_file.h"
#include "app/data/dataset_places.h"
#include "engine/io/idx_file.h"

namespace duel::app {

WholeDataset read_whole_dataset(const TrainingProgram& program, const std::filesystem::path& folder) {
  WholeDataset dataset;
  dataset.folder = find_dataset(program, folder.empty() ? std::nullopt : std::optional(folder));
  dataset.train = read_idx_folder(dataset.folder, Split::train);
  if (find_idx_file(dataset.folder, "t10k-images-idx3-ubyte")) {
    dataset.test = read_idx_folder(dataset.folder, Split::test);
  }
  dataset.classes = read_class_names(dataset.folder);
  return dataset;
}

}  // namespace duel::app

#include "app/data/dataset.h"

#include "app/data/dataset_places.h"
#include "app/errors/exit_code.h"

namespace duel::app {

Dataset load_dataset(const TrainingProgram& program, const std::string& requested, const NetworkConfig& networks,
                     const std::string& who) {
  const std::filesystem::path folder =
      find_dataset(program, requested.empty() ? std::nullopt : std::optional<std::filesystem::path>(requested));
  Dataset dataset{read_idx_folder_images(folder, Split::train), folder, ""};
  require_size(dataset.images, folder, networks, who);
  try {
    dataset.images.labels = read_idx_folder_labels(folder, Split::train, dataset.images.count);
    if (dataset.images.labels.empty()) dataset.why_no_labels = "the images have no labels";
  } catch (const DataError& error) {
    dataset.why_no_labels = error.what();
  }
  return dataset;
}

void keep_first(ImageSet& images, const TrainOptions& options) {
  const int count = options.train_images;
  if (count == 0) return;
  if (count > images.count) {
    const bool is_of_preset = count == preset(*options.program, options.preset).train_images;
    throw SettingError("train-images", ": expected at most the " + std::to_string(images.count) +
                                           " images of the dataset, found " + std::to_string(count) +
                                           (is_of_preset ? ", as preset " + options.preset + " asks for" : "") +
                                           "; 0 trains on all");
  }
  images.pixels.resize(images.pixels.size() / static_cast<std::size_t>(images.count) * static_cast<std::size_t>(count));
  if (!images.labels.empty()) images.labels.resize(static_cast<std::size_t>(count));
  images.count = count;
}

void require_size(const ImageSet& images, const std::filesystem::path& folder, const NetworkConfig& networks,
                  const std::string& who) {
  if (images.height == networks.image_size && images.width == networks.image_size &&
      images.channels == networks.channels) {
    return;
  }
  const auto shape = [](int height, int width, int channels) {
    return std::to_string(height) + "x" + std::to_string(width) + "x" + std::to_string(channels);
  };
  std::string remedy = "images are not resized: the two must be the same";
  if (networks.channels != images.channels) remedy = "images in colour are not supported: the two must be the same";
  if (images.height != images.width) remedy = "only square images are supported: pad or cut them";
  throw UsageError("the images in " + folder.string() + " are " + shape(images.height, images.width, images.channels) +
                   ", " + who + " " + shape(networks.image_size, networks.image_size, networks.channels) +
                   " (height, width, channels); " + remedy);
}

std::optional<bool> compare_data(const TrainingProgram& program, const std::string& file,
                                 const std::optional<DataIdentity>& trained_on, const ImageSet& images,
                                 const std::filesystem::path& folder, const std::string& requested) {
  if (!trained_on) return std::nullopt;
  const std::string other = explain_other_images(*trained_on, images);
  if (other.empty()) return true;
  const std::string message = file + ": " + other + " in " + folder.string();
  if (requested.empty()) throw UsageError(message + ". Name the dataset to compare with: --data DIR");
  warn(program, message + "; figures are about those");
  return false;
}

}  // namespace duel::app

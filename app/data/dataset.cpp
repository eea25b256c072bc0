#include "app/data/dataset.h"

#include "app/data/dataset_file.h"
#include "app/data/dataset_places.h"
#include "app/data/known_dataset.h"
#include "app/errors/exit_code.h"
#include "engine/configuration/config_ranges.h"

namespace duel::app {
namespace {

Dataset read_dataset(const TrainingProgram& program, const std::string& requested) {
  const std::filesystem::path folder =
      find_dataset(program, requested.empty() ? std::nullopt : std::optional<std::filesystem::path>(requested));
  return {read_idx_folder_images(folder, Split::train), folder, "", {}};
}

void add_labels(Dataset& dataset) {
  try {
    dataset.images.labels = read_idx_folder_labels(dataset.folder, Split::train, dataset.images.count);
    if (!dataset.images.labels.empty()) return;
    const bool is_of_channels = !read_idx_folder_channel_labels(dataset.folder, Split::train, dataset.images).empty();
    dataset.why_no_labels = is_of_channels ? "the labels are those of single channels" : "the images have no labels";
  } catch (const DataError& error) {
    dataset.why_no_labels = error.what();
  }
}

}  // namespace

Dataset load_dataset(const TrainingProgram& program, const std::string& requested, const NetworkConfig& networks,
                     const std::string& who) {
  Dataset dataset = read_dataset(program, requested);
  require_size(dataset.images, dataset.folder, networks, who);
  add_labels(dataset);
  return dataset;
}

Dataset load_training_data(TrainOptions& options) {
  Dataset dataset = read_dataset(*options.program, options.data);
  NetworkConfig& networks = options.training.networks;
  const bool is_possible = dataset.images.height == dataset.images.width && kImageSizes.contains(dataset.images.height);
  if (!options.asked_for_shape.value && is_possible) {
    networks.image_size = dataset.images.height;
    networks.channels = dataset.images.channels;
  }
  require_size(dataset.images, dataset.folder, networks, "--image-size and --channels ask for");
  add_labels(dataset);
  if (!dataset.images.labels.empty()) {
    dataset.classes = class_names_if_any(*options.program, dataset.folder, dataset.images);
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

void take_classes(Dataset& dataset, TrainOptions& options) {
  if (!options.conditional) return;
  ImageSet& images = dataset.images;
  if (images.labels.empty()) {
    throw UsageError("--conditional: expected images with labels, found that " + dataset.why_no_labels + " (" +
                     dataset.folder.string() + "); name a dataset that has some, or leave --conditional out");
  }
  for (const auto& [label, name] : names_of_labels(dataset.classes, images.labels)) images.class_names.push_back(name);
  options.training.networks.classes = static_cast<int>(images.class_names.size());
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
  std::string remedy = "the two must be the same";
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

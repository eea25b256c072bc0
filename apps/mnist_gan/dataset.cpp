#include "apps/mnist_gan/dataset.h"

#include <iostream>

#include "apps/mnist_gan/exit_code.h"

namespace duel::app {

Dataset load_dataset(const std::string& requested, const NetworkConfig& networks, const std::string& who) {
  const std::filesystem::path folder =
      find_dataset(requested.empty() ? std::nullopt : std::optional<std::filesystem::path>(requested));
  ImageSet images = read_idx_folder(folder, Split::train);
  require_size(images, folder, networks, who);
  return {std::move(images), folder};
}

void require_size(const ImageSet& images, const std::filesystem::path& folder, const NetworkConfig& networks,
                  const std::string& who) {
  if (images.height != networks.image_size || images.width != networks.image_size ||
      images.channels != networks.channels) {
    const auto shape = [](int height, int width, int channels) {
      return std::to_string(height) + "x" + std::to_string(width) + "x" + std::to_string(channels);
    };
    throw UsageError("the images in " + folder.string() + " are " +
                     shape(images.height, images.width, images.channels) + ", " + who + " " +
                     shape(networks.image_size, networks.image_size, networks.channels) + "; images are not resized");
  }
}

std::optional<bool> compare_data(const std::string& file, const std::optional<DataIdentity>& trained_on,
                                 const ImageSet& images, const std::filesystem::path& folder,
                                 const std::string& requested) {
  if (!trained_on) return std::nullopt;
  const std::string other = explain_other_images(*trained_on, images);
  if (other.empty()) return true;
  const std::string message = file + ": " + other + " in " + folder.string();
  if (requested.empty()) throw UsageError(message + ". Name the dataset to compare with: --data DIR");
  std::cerr << "mnist_gan: warning: " << message << "; figures are about those\n";
  return false;
}

}  // namespace duel::app

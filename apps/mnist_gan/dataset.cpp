#include "apps/mnist_gan/dataset.h"

#include <optional>

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

}  // namespace duel::app

// The IDX format of the MNIST family, plain or gzip-compressed. Format: http://yann.lecun.com/exdb/mnist/
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "engine/io/data_error.h"

namespace duel {

/// 8-bit images [count, height, width], channel last where channels > 1, 0 = background.
struct ImageSet {
  int count = 0, height = 0, width = 0, channels = 1;
  std::vector<std::uint8_t> pixels;
  std::vector<std::uint8_t> labels;  ///< [count], or empty where the set has none
};

enum class Split { train, test };

/// Reads one IDX file of images (magic 0x00000803). Throws DataError.
ImageSet read_idx_images(const std::filesystem::path& file);
/// Reads one IDX file of labels 0..9 (magic 0x00000801). Throws DataError.
std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& file);
/// Reads train-images-idx3-ubyte[.gz] and the labels beside it (t10k-... for the test split). Throws DataError,
/// also where counts differ or the folder has no such file. A folder without a label file gives no labels.
ImageSet read_idx_folder(const std::filesystem::path& folder, Split split);

/// The folder to train from: `requested` if given, else $MNIST_GAN_DATA, else
/// $XDG_DATA_HOME/mnist_gan/mnist (XDG default ~/.local/share), else /usr/share/datasets/fashion-mnist; the first of
/// these that holds the training images. Throws DataError that lists where it looked and how to get a dataset.
std::filesystem::path find_dataset(const std::optional<std::filesystem::path>& requested);

}  // namespace duel

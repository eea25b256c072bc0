// Public. The IDX format of the MNIST family, plain or gzip-compressed. Format: http://yann.lecun.com/exdb/mnist/
//
// A file is a big-endian header (two zero bytes, the type, the number of dimensions, then 4 bytes per size) and the
// values, row-major. The readers are strict: exactly the announced bytes, at most 2 GiB, an intact gzip checksum.
// gzip is told by the file's content, not by its name. A header alone never makes them allocate what the file does
// not hold, nor decompress beyond what the header announces. Every DataError names the file, the byte or label,
// what was expected, what was found and how to mend it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/io/data_error.h"

namespace duel {

/// 8-bit images [count, channels, height, width], 0 = background. A channel is a plane: what the networks see as a
/// column of pixels, IDX files of 4 dimensions and PyTorch's tensors have this order, and a convolution wants it.
struct ImageSet {
  int count = 0, height = 0, width = 0, channels = 1;
  std::vector<std::uint8_t> pixels;
  std::vector<std::uint8_t> labels;           ///< [count], or empty where the set has none
  std::string name = "";                      ///< of the dataset, for people: its folder's
  std::vector<std::string> class_names = {};  ///< for people, in the order of labels; empty where nobody says
  /// [count, channels] of a stack, whose channels are images by themselves (engine/data/image_stack.h); else empty.
  std::vector<std::uint8_t> channel_labels = {};
};

enum class Split { train, test };

/// Reads one IDX file of images, at least one of at least 1 x 1 pixels: of 3 dimensions (magic 0x00000803), which are
/// grey, or of 4 (0x00000804): images, channels (1 or 3), height, width. labels is empty. Throws DataError.
ImageSet read_idx_images(const std::filesystem::path& file);
/// Reads one IDX file of labels (magic 0x00000801), at least one, of any value. Throws DataError.
std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& file);
/// Reads train-images-idx3-ubyte[.gz] (t10k-... for the test split), the plain file where both exist, or what
/// find_idx_file() (idx_file.h) takes for it, such as an idx4 of images in colour; no labels. Throws DataError, also
/// where the folder has no such file.
ImageSet read_idx_folder_images(const std::filesystem::path& folder, Split split);
/// Whether the folder has a file that it would read.
bool has_idx_images(const std::filesystem::path& folder, Split split);
/// Reads the labels beside them, train-labels-idx1-ubyte[.gz]; none where there is no such file. Throws DataError, also
/// where they are not `count`.
std::vector<std::uint8_t> read_idx_folder_labels(const std::filesystem::path& folder, Split split, int count);
/// Reads one IDX file of labels of the channels of `images` (magic 0x00000802: images, channels). Throws DataError,
/// also where they are not as many.
std::vector<std::uint8_t> read_idx_channel_labels(const std::filesystem::path& file, const ImageSet& images);
/// Reads those beside the images, train-labels-idx2-ubyte[.gz]; none where there is no such file. Throws DataError.
std::vector<std::uint8_t> read_idx_folder_channel_labels(const std::filesystem::path& folder, Split split,
                                                         const ImageSet& images);
/// All of them.
ImageSet read_idx_folder(const std::filesystem::path& folder, Split split);

/// Writes the images, in 3 dimensions where they are grey, in 4 else, and the labels, where there are any, under the
/// names that read_idx_folder() reads, each file whole or not at all. Throws std::system_error.
void write_idx_folder(const std::filesystem::path& folder, Split split, const ImageSet& set);

}  // namespace duel

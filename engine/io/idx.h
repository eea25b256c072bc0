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

/// 8-bit images [count, height, width], channel last where channels > 1, 0 = background.
struct ImageSet {
  int count = 0, height = 0, width = 0, channels = 1;
  std::vector<std::uint8_t> pixels;
  std::vector<std::uint8_t> labels;  ///< [count], or empty where the set has none
  std::string name = "";             ///< of the dataset, for people: its folder's
};

enum class Split { train, test };

/// Reads one IDX file of images (magic 0x00000803), at least one of at least 1 x 1 pixels; channels is 1 and labels
/// is empty. Throws DataError.
ImageSet read_idx_images(const std::filesystem::path& file);
/// Reads one IDX file of labels (magic 0x00000801), at least one, of any value. Throws DataError.
std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& file);
/// Reads train-images-idx3-ubyte[.gz] (t10k-... for the test split), the plain file where both exist, or what
/// find_idx_file() (idx_file.h) takes for it; no labels. Throws DataError, also where the folder has no such
/// file.
ImageSet read_idx_folder_images(const std::filesystem::path& folder, Split split);
/// Reads the labels beside them, train-labels-idx1-ubyte[.gz]; none where there is no such file. Throws DataError, also
/// where they are not `count`.
std::vector<std::uint8_t> read_idx_folder_labels(const std::filesystem::path& folder, Split split, int count);
/// Both.
ImageSet read_idx_folder(const std::filesystem::path& folder, Split split);

}  // namespace duel

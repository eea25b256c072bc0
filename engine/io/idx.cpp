#include "engine/io/idx.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "engine/io/idx_file.h"
#include "engine/io/input_file.h"
#include "files/atomic_file.h"

namespace duel {
namespace {

constexpr int kMagicBytes = 4;
constexpr int kSizeBytes = 4;
constexpr std::uint8_t kUnsignedByte = 0x08;

struct Idx {
  std::vector<std::uint32_t> sizes;
  std::vector<std::uint8_t> values;
};

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (!text.empty()) text += ' ';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

// "2 x 28 x 28"
std::string product_text(std::span<const std::uint32_t> sizes) {
  std::string text;
  for (const std::uint32_t size : sizes) text += (text.empty() ? "" : " x ") + std::to_string(size);
  return text;
}

void read_header(InputFile& input, std::span<std::uint8_t> out, std::uint64_t offset) {
  const std::size_t found = input.read(out);
  if (found < out.size()) {
    input.fail(input.place(offset + found), "a header of at least " + std::to_string(offset + out.size()) + " bytes",
               "the end after " + std::to_string(offset + found) + " bytes");
  }
}

/// What a file holds, by the dimensions that it may have.
struct Content {
  const char* name;
  int least_dimensions, most_dimensions;
};
constexpr Content kLabels{"1 dimension (labels)", 1, 1};
constexpr Content kChannelLabels{"2 dimensions (labels of channels)", 2, 2};
constexpr Content kImages{"3 dimensions (images), or 4 (with their channels)", 3, 4};

/// Returns the number of dimensions.
int check_magic(InputFile& input, const Content& content) {
  std::array<std::uint8_t, kMagicBytes> magic{};
  read_header(input, magic, 0);
  if (magic[0] != 0 || magic[1] != 0) {
    input.fail(input.place(0), "00 00 08 0" + std::to_string(content.least_dimensions) + ", the start of an IDX file",
               hex(magic));
  }
  if (magic[2] != kUnsignedByte) {
    input.fail(input.place(2), "type 08 (unsigned bytes)", "type " + hex(std::span(magic).subspan(2, 1)),
               "Use a dataset of 8-bit values.");
  }
  if (magic[3] < content.least_dimensions || magic[3] > content.most_dimensions) {
    input.fail(input.place(3), content.name, std::to_string(magic[3]),
               "Check that image and label files are not swapped, or download them again.");
  }
  return magic[3];
}

std::vector<std::uint32_t> read_sizes(InputFile& input, int dimensions) {
  std::vector<std::uint32_t> sizes;
  for (int i = 0; i < dimensions; ++i) {
    const auto offset = static_cast<std::uint64_t>(kMagicBytes + kSizeBytes * i);
    std::array<std::uint8_t, kSizeBytes> bytes{};
    read_header(input, bytes, offset);
    std::uint32_t size = 0;
    for (const std::uint8_t byte : bytes) size = size << 8 | byte;
    if (size == 0) {
      const std::string what = i == 1 && dimensions != 3 ? "a number of channels"
                               : i > 0                   ? "an image side"
                               : dimensions == 1         ? "a number of labels"
                                                         : "a number of images";
      input.fail(input.place(offset), what + " of at least 1", "0");
    }
    sizes.push_back(size);
  }
  return sizes;
}

std::uint64_t count_values(const InputFile& input, std::span<const std::uint32_t> sizes, std::uint64_t header_bytes) {
  const std::uint64_t limit = InputFile::kMaxBytes - header_bytes;
  std::uint64_t product = 1;
  for (const std::uint32_t size : sizes) {
    if (size > limit / product) {
      input.fail(input.place(kMagicBytes), "sizes of at most " + std::to_string(limit) + " bytes in all",
                 product_text(sizes), "Download it again; larger datasets are not supported.");
    }
    product *= size;
  }
  return product;
}

void check_channels(const InputFile& input, std::uint32_t channels) {
  if (channels == 1 || channels == 3) return;
  input.fail(input.place(kMagicBytes + kSizeBytes), "1 channel (grey) or 3 (RGB): images, channels, height, width",
             std::to_string(channels), "Write the file in this order of dimensions.");
}

Idx read_idx(const std::filesystem::path& file, const Content& content) {
  InputFile input(file);
  const int dimensions = check_magic(input, content);
  Idx idx;
  idx.sizes = read_sizes(input, dimensions);
  if (dimensions == 4) check_channels(input, idx.sizes[1]);
  const auto header_bytes = static_cast<std::uint64_t>(kMagicBytes + kSizeBytes * dimensions);
  const std::uint64_t count = count_values(input, idx.sizes, header_bytes);
  idx.values = input.read_up_to<std::uint8_t>(count);
  const std::string announced = std::to_string(count) + " bytes after the header (" + product_text(idx.sizes) + ")";
  if (idx.values.size() < count) {
    input.fail(input.place(header_bytes + idx.values.size()), announced,
               "the end after " + std::to_string(idx.values.size()));
  }
  std::uint8_t extra = 0;
  if (input.read({&extra, 1}) != 0) input.fail(input.place(header_bytes + count), announced, "trailing bytes");
  return idx;
}

/// The folder's own name; before "raw", into which torchvision unpacks, its parent's.
std::string dataset_name(const std::filesystem::path& folder) {
  std::error_code ignored;
  std::filesystem::path path = std::filesystem::weakly_canonical(folder, ignored);
  if (path.filename() == "raw") path = path.parent_path();
  return path.filename().string();
}

std::string prefix_of(Split split) {
  return split == Split::train ? "train" : "t10k";
}

std::string images_name(Split split, int dimensions = 3) {
  return prefix_of(split) + "-images-idx" + std::to_string(dimensions) + "-ubyte";
}

std::string labels_name(Split split, int dimensions = 1) {
  return prefix_of(split) + "-labels-idx" + std::to_string(dimensions) + "-ubyte";
}

void write_idx(const std::filesystem::path& file, const std::vector<int>& sizes, std::span<const std::uint8_t> values) {
  std::vector<std::uint8_t> header = {0, 0, kUnsignedByte, static_cast<std::uint8_t>(sizes.size())};
  for (const int size : sizes) {
    for (const int shift : {24, 16, 8, 0}) header.push_back(static_cast<std::uint8_t>(size >> shift & 255));
  }
  const std::span<const std::byte> chunks[] = {std::as_bytes(std::span(header)), std::as_bytes(values)};
  write_file_atomically(file, chunks);
}

}  // namespace

ImageSet read_idx_images(const std::filesystem::path& file) {
  Idx idx = read_idx(file, kImages);
  if (idx.sizes.size() == 3) idx.sizes.insert(idx.sizes.begin() + 1, 1);
  ImageSet set;
  set.count = static_cast<int>(idx.sizes[0]);  // each size is below 2^31, since no size is 0 and their product is
  set.channels = static_cast<int>(idx.sizes[1]);
  set.height = static_cast<int>(idx.sizes[2]);
  set.width = static_cast<int>(idx.sizes[3]);
  set.pixels = std::move(idx.values);
  return set;
}

std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& file) {
  return read_idx(file, kLabels).values;
}

bool has_idx_images(const std::filesystem::path& folder, Split split) {
  return find_idx_file(folder, images_name(split)).has_value();
}

ImageSet read_idx_folder_images(const std::filesystem::path& folder, Split split) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    throw DataError(folder.string() + ": expected a folder, found " +
                    (error ? "an error (" + error.message() + ")" : "something else") + ". Check the name.");
  }
  const std::string name = images_name(split);
  const auto images = find_idx_file(folder, name);
  if (!images) {
    throw DataError(folder.string() + ": expected " + name + " or " + name + ".gz, found neither" +
                    what_is_there(folder, name) +
                    (split == Split::train ? ". Name the folder that holds the dataset, or download it again."
                                           : ". These are the test images: name a dataset that has some, or keep some "
                                             "apart when it is made."));
  }
  ImageSet set = read_idx_images(*images);
  set.name = dataset_name(folder);
  return set;
}

std::vector<std::uint8_t> read_idx_folder_labels(const std::filesystem::path& folder, Split split, int count) {
  const auto file = find_idx_file(folder, labels_name(split));
  if (!file) return {};
  std::vector<std::uint8_t> labels = read_idx_labels(*file);
  if (labels.size() != static_cast<std::size_t>(count)) {
    throw DataError(file->string() + ": byte 4: expected " + std::to_string(count) + " labels, as many as " +
                    images_name(split) + " has images, found " + std::to_string(labels.size()) +
                    ". Take both files from the same dataset.");
  }
  return labels;
}

std::vector<std::uint8_t> read_idx_channel_labels(const std::filesystem::path& file, const ImageSet& images) {
  Idx idx = read_idx(file, kChannelLabels);
  const std::uint32_t expected[] = {static_cast<std::uint32_t>(images.count),
                                    static_cast<std::uint32_t>(images.channels)};
  if (!std::equal(idx.sizes.begin(), idx.sizes.end(), expected)) {
    throw DataError(file.string() + ": byte 4: expected " + product_text(expected) +
                    " labels, one for each channel of the images, found " + product_text(idx.sizes) +
                    ". Take both files from the same dataset.");
  }
  return std::move(idx.values);
}

std::vector<std::uint8_t> read_idx_folder_channel_labels(const std::filesystem::path& folder, Split split,
                                                         const ImageSet& images) {
  const auto file = find_idx_file(folder, labels_name(split, 2));
  return file ? read_idx_channel_labels(*file, images) : std::vector<std::uint8_t>();
}

ImageSet read_idx_folder(const std::filesystem::path& folder, Split split) {
  ImageSet set = read_idx_folder_images(folder, split);
  set.labels = read_idx_folder_labels(folder, split, set.count);
  set.channel_labels = read_idx_folder_channel_labels(folder, split, set);
  return set;
}

void write_idx_folder(const std::filesystem::path& folder, Split split, const ImageSet& set) {
  std::vector<int> sizes = {set.count, set.height, set.width};
  if (set.channels != 1) sizes.insert(sizes.begin() + 1, set.channels);
  write_idx(folder / images_name(split, static_cast<int>(sizes.size())), sizes, set.pixels);
  if (!set.labels.empty()) write_idx(folder / labels_name(split), {set.count}, set.labels);
  if (set.channel_labels.empty()) return;
  write_idx(folder / labels_name(split, 2), {set.count, set.channels}, set.channel_labels);
}

}  // namespace duel

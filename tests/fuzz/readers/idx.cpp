// IDX files, plain or compressed with gzip, as images and as labels of them or of their channels.
#include <zlib.h>

#include "engine/io/idx.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"

namespace duel::fuzz {
namespace {

std::string compressed(std::string text) {
  std::string out(text.size() + 64, '\0');
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

template <std::size_t size>
std::string bytes_of(const char (&literal)[size]) {
  return {literal, size - 1};
}

}  // namespace

void read_idx(Input input) {
  const MemoryFile file(as_text(input));
  try {
    const ImageSet images = read_idx_images(file.path());
    const auto pixels = std::size_t{1} * images.count * images.channels * images.height * images.width;
    if (images.count < 1 || images.pixels.size() != pixels) broken_promise("images without their pixels");
  } catch (const DataError&) {
  }
  try {
    if (read_idx_labels(file.path()).empty()) broken_promise("a file without labels was read");
  } catch (const DataError&) {
  }
  try {
    const ImageSet one{.count = 1, .channels = 3};
    if (read_idx_channel_labels(file.path(), one).size() != 3) broken_promise("labels of channels that are not there");
  } catch (const DataError&) {
  }
}

std::vector<std::string> idx_seeds() {
  const std::string images = bytes_of("\0\0\x08\x03\0\0\0\2\0\0\0\2\0\0\0\3abcdefghijkl");
  const std::string labels = bytes_of("\0\0\x08\x01\0\0\0\3\1\2\3");
  const std::string of_channels = bytes_of("\0\0\x08\x02\0\0\0\1\0\0\0\3\1\2\3");
  const std::string many = bytes_of("\0\0\x08\x03\0\0\x10\0\0\0\0\x1c\0\0\0\x1c");
  const std::string colour = bytes_of("\0\0\x08\x04\0\0\0\1\0\0\0\3\0\0\0\2\0\0\0\2abcdefghijkl");
  return {images,
          colour,
          labels,
          of_channels,
          compressed(images),
          compressed(labels),
          compressed(images.substr(0, 10)) + compressed(images.substr(10)),
          many + "fewer pixels than 4096 images have",
          compressed(many + std::string(100'000, 'x'))};
}

}  // namespace duel::fuzz

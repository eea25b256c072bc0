// PNG and JPEG files.
#include <stdexcept>

#include "engine/io/data_error.h"
#include "engine/io/picture_file.h"
#include "tests/engine/io/jpeg_bytes.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"

namespace duel::fuzz {
namespace {

Picture small_picture(int channels) {
  Picture picture{9, 7, channels, {}};
  for (int i = 0; i < 9 * 7 * channels; ++i) picture.pixels.push_back(static_cast<std::uint8_t>(i * 37));
  return picture;
}

template <class Bytes>
std::string text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

void read_picture(Input input) {
  const MemoryFile file(as_text(input));
  try {
    const Picture picture = duel::read_picture(file.path());
    const auto values = std::size_t{1} * picture.height * picture.width * picture.channels;
    const bool is_whole = picture.height >= 1 && picture.width >= 1 && picture.pixels.size() == values;
    if (!is_whole || (picture.channels != 1 && picture.channels != 3)) broken_promise("a picture without its pixels");
  } catch (const DataError&) {
  }
}

std::vector<std::string> picture_seeds() {
  std::vector<std::string> seeds = {text_of(encode_png(small_picture(1))), text_of(encode_png(small_picture(3)))};
#if DUEL_HAS_JPEG
  const std::string exif("Exif\0\0MM\0\x2a\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0", 28);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(exif.data());
  seeds.push_back(text_of(test::jpeg(small_picture(1))));
  seeds.push_back(text_of(test::jpeg(small_picture(3), {bytes, exif.size()})));
#endif
  return seeds;
}

}  // namespace duel::fuzz

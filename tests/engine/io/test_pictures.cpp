// Reading PNG and JPEG files.
#include <png.h>

#include <array>
#include <cstdlib>

#include "engine/io/exif_orientation.h"
#include "engine/io/jpeg.h"
#include "engine/io/picture_file.h"
#include "tests/engine/io/idx_files.h"
#include "tests/engine/io/jpeg_bytes.h"
#include "tests/support/catch.h"
#include "tests/support/thrown.h"

namespace duel {
namespace {

using namespace test;

/// A PNG file of any of libpng's formats, of 2 rows.
Bytes png(png_uint_32 format, int width, const void* pixels, const void* colours = nullptr, int count = 0) {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = 2;
  image.format = format;
  image.colormap_entries = static_cast<png_uint_32>(count);
  Bytes bytes(10'000);
  png_alloc_size_t size = bytes.size();
  REQUIRE(png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels, 0, colours));
  bytes.resize(size);
  return bytes;
}

Picture picture(int height, int width, int channels) {
  const auto values = static_cast<std::size_t>(height * width * channels);
  return {height, width, channels, pattern(values)};
}

TEST_CASE("PNG: grey and RGB come back as they were written") {
  const TemporaryFolder folder;
  for (const int channels : {1, 3}) {
    const Picture written = picture(5, 7, channels);
    write_png(folder.path() / "a", written);
    const Picture read = read_picture(folder.path() / "a");
    CHECK((read.height == 5 && read.width == 7 && read.channels == channels));
    CHECK(read.pixels == written.pixels);
  }
}

TEST_CASE("PNG: palettes, 16 bits and what is transparent become 8 bits") {
  const std::uint8_t colours[] = {255, 0, 0, 0, 0, 255, 10, 20, 30}, places[] = {0, 1, 2, 0, 0, 1};
  const Picture indexed = decode_png(png(PNG_FORMAT_RGB_COLORMAP, 3, places, colours, 3));
  CHECK((indexed.channels == 3 && indexed.width == 3));
  CHECK(indexed.pixels == Bytes{255, 0, 0, 0, 0, 255, 10, 20, 30, 255, 0, 0, 255, 0, 0, 0, 0, 255});

  const png_uint_16 deep[] = {0, 65535, 0, 65535};  // linear; sRGB in the file
  CHECK(decode_png(png(PNG_FORMAT_LINEAR_Y, 2, deep)).pixels == Bytes{0, 255, 0, 255});

  const std::uint8_t clear[] = {9, 9, 9, 255, 200, 100, 0, 0, 9, 9, 9, 255, 200, 100, 0, 0};
  CHECK(decode_png(png(PNG_FORMAT_RGBA, 2, clear)).pixels == Bytes{9, 9, 9, 0, 0, 0, 9, 9, 9, 0, 0, 0});
  CHECK(decode_png(png(PNG_FORMAT_RGBA, 2, clear), 255).pixels ==
        Bytes{9, 9, 9, 255, 255, 255, 9, 9, 9, 255, 255, 255});
  const std::uint8_t grey[] = {7, 255, 100, 0, 7, 255, 100, 0};
  CHECK(decode_png(png(PNG_FORMAT_GA, 2, grey), 255).pixels == Bytes{7, 255, 7, 255});

  // Half of white before black is the middle of sRGB's values, as everywhere, not 186 as of linear light.
  const std::uint8_t half[] = {255, 128, 0, 128, 255, 128, 0, 128};
  CHECK(decode_png(png(PNG_FORMAT_GA, 2, half)).pixels == Bytes{128, 0, 128, 0});
  CHECK(decode_png(png(PNG_FORMAT_GA, 2, half), 255).pixels == Bytes{255, 127, 255, 127});
  const std::uint8_t colour[] = {200, 100, 0, 64, 200, 100, 0, 64, 200, 100, 0, 64, 200, 100, 0, 64};
  const Bytes seen = decode_png(png(PNG_FORMAT_RGBA, 2, colour)).pixels;
  CHECK(Bytes(seen.begin(), seen.begin() + 3) == Bytes{50, 25, 0});
}

TEST_CASE("PNG: every truncation is refused, whatever is missing") {
  const std::vector<std::byte> encoded = encode_png(picture(6, 5, 3));
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(encoded.data());
  const Bytes good(bytes, bytes + encoded.size() - 12);  // IEND holds nothing
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK_THROWS_AS(decode_png(first(size, good)), std::invalid_argument);
  }
}

TEST_CASE("PNG: a header alone does not take memory for its pixels") {
  const std::vector<std::byte> encoded = encode_png(picture(2, 2, 1));
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(encoded.data());
  Bytes bad(bytes, bytes + encoded.size());
  bad[16] = bad[20] = 0x7f;  // two billion a side; its checksum is wrong then, too
  CHECK_THROWS_AS(decode_png(bad), std::invalid_argument);
}

TEST_CASE("a file that is no picture is refused by its name and content") {
  const TemporaryFolder folder;
  for (const auto& [name, content] : {std::pair{"text.png", text("no picture")},
                                      {"gif.png", text("GIF89a")},
                                      {"empty.png", Bytes{}},
                                      {"start.jpg", Bytes{0xff, 0xd8, 0xff}}}) {
    const auto file = folder.write(name, content);
    const std::string message = message_of([&] { read_picture(file); });
    CHECK(message.starts_with(file.string() + ": "));
    check_says(message, "expected");
  }
  check_says(message_of([&] { read_picture(folder.path()); }), "a folder");
  CHECK((has_picture_name("a/B.JpEg") && has_picture_name("x.png") && has_picture_name("x.JPG")));
  CHECK((!has_picture_name("x.gif") && !has_picture_name("png") && !has_picture_name(".png")));
}

/// "Exif", a TIFF header, and a directory with one entry before the orientation.
Bytes exif(bool is_little, int orientation) {
  const auto number = [&](unsigned value, int size) {
    Bytes bytes;
    for (int i = 0; i < size; ++i)
      bytes.push_back(static_cast<std::uint8_t>(value >> 8 * (is_little ? i : size - 1 - i)));
    return bytes;
  };
  return text(std::string_view("Exif\0\0", 6)) + text(is_little ? "II" : "MM") + number(42, 2) + number(8, 4) +
         number(2, 2) + number(0x010f, 2) + number(2, 2) + number(4, 4) + number(0, 4) + number(0x0112, 2) +
         number(3, 2) + number(1, 4) + number(static_cast<unsigned>(orientation), 2) + number(0, 2);
}

TEST_CASE("EXIF: the orientation is found in both byte orders, and a damaged segment has none") {
  for (const bool is_little : {false, true}) {
    for (int orientation = 1; orientation <= 8; ++orientation) {
      const Bytes segment = exif(is_little, orientation);
      CHECK(exif_orientation(segment) == orientation);
      for (std::size_t size = 0; size + 4 < segment.size(); ++size) CHECK(exif_orientation(first(size, segment)) == 1);
    }
    CHECK(exif_orientation(exif(is_little, 9)) == 1);
  }
  CHECK(exif_orientation(text("http://ns.adobe.com/xap/1.0/")) == 1);
}

TEST_CASE("EXIF: the picture is turned as the eight orientations say") {
  const Picture stored{2, 3, 1, {1, 2, 3, 4, 5, 6}};
  const std::array<Bytes, 8> seen = {Bytes{1, 2, 3, 4, 5, 6}, Bytes{3, 2, 1, 6, 5, 4}, Bytes{6, 5, 4, 3, 2, 1},
                                     Bytes{4, 5, 6, 1, 2, 3}, Bytes{1, 4, 2, 5, 3, 6}, Bytes{4, 1, 5, 2, 6, 3},
                                     Bytes{6, 3, 5, 2, 4, 1}, Bytes{3, 6, 2, 5, 1, 4}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CAPTURE(orientation);
    const Picture result = upright(stored, orientation);
    CHECK(result.pixels == seen[static_cast<std::size_t>(orientation - 1)]);
    CHECK(result.height == (orientation >= 5 ? 3 : 2));
  }
}

std::string refusal(const Bytes& bytes) {
  return duel::test::thrown_message<std::invalid_argument>([&] { decode_jpeg(bytes); });
}

#if DUEL_HAS_JPEG
TEST_CASE("JPEG: grey and RGB are read as they were written, but for the rounding") {
  for (const int channels : {1, 3}) {
    Picture written{16, 24, channels, {}};
    for (int i = 0; i < 16 * 24; ++i) {
      for (int c = 0; c < channels; ++c) written.pixels.push_back(static_cast<std::uint8_t>(40 + c * 70 + i / 6));
    }
    const Picture read = decode_jpeg(jpeg(written));
    REQUIRE((read.height == 16 && read.width == 24 && read.channels == channels));
    for (std::size_t i = 0; i < read.pixels.size(); ++i) CHECK(std::abs(read.pixels[i] - written.pixels[i]) <= 4);
  }
}

TEST_CASE("JPEG: a picture is seen as its camera was held") {
  Picture written{8, 16, 1, Bytes(8 * 16, 0)};
  std::fill_n(written.pixels.begin(), 16, std::uint8_t{255});  // the first row
  const Picture turned = decode_jpeg(jpeg(written, exif(true, 6)));
  REQUIRE((turned.height == 16 && turned.width == 8));
  CHECK((turned.pixels[7] > 200 && turned.pixels[15] > 200 && turned.pixels[0] < 50));  // the last column
}

TEST_CASE("JPEG: files that end too early and CMYK are refused with the reason") {
  const Bytes good = jpeg(picture(64, 64, 3));
  CHECK_NOTHROW(decode_jpeg(good));
  for (const std::size_t size : {std::size_t{3}, std::size_t{20}, good.size() / 2, good.size() - 40}) {
    CHECK_THROWS_AS(decode_jpeg(first(size, good)), std::invalid_argument);
  }
  check_says(refusal(first(good.size() / 2, good)), "ends too early");
  check_says(refusal(jpeg(picture(8, 8, 4))), "CMYK");
}
#else
TEST_CASE("JPEG: a build without libjpeg says what to install") {
  check_says(refusal(Bytes{0xff, 0xd8, 0xff}), "apt-get install libjpeg");
}
#endif

}  // namespace
}  // namespace duel

// Animated PNG and GIF files.
#include "engine/io/animation.h"

#include <zlib.h>

#include <cstring>
#include <stdexcept>
#include <string>

#include "duel_has.h"
#include "tests/support/catch.h"

#if DUEL_HAS_GIF
#include <gif_lib.h>
#endif

namespace {

using duel::Animation;
using duel::Picture;

/// Three frames of 3 x 2 pixels, each of its own level.
Animation levels(int channels) {
  Animation animation;
  for (int i = 0; i < 3; ++i) {
    animation.frames.push_back(
        {2, 3, channels, std::vector<std::uint8_t>(6 * channels, static_cast<std::uint8_t>(100 * i))});
    animation.frames.back().pixels[0] = 255;
    animation.milliseconds.push_back(100 + 40 * i);
  }
  return animation;
}

struct NamedChunk {
  std::string name, data;
};

/// The chunks of a PNG file, whose checksums must be right.
std::vector<NamedChunk> chunks_in(const std::vector<std::byte>& bytes) {
  const std::string file(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(file.at(at + i));
    return value;
  };
  REQUIRE(file.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  std::vector<NamedChunk> chunks;
  for (std::size_t at = 8; at < file.size();) {
    const std::uint32_t size = number(at);
    const std::string summed = file.substr(at + 4, size + 4);
    REQUIRE(crc32(0, reinterpret_cast<const Bytef*>(summed.data()), static_cast<uInt>(summed.size())) ==
            number(at + 8 + size));
    chunks.push_back({summed.substr(0, 4), summed.substr(4)});
    at += size + 12;
  }
  return chunks;
}

std::uint32_t number_in(const std::string& data, std::size_t at, std::size_t count = 4) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | static_cast<unsigned char>(data.at(at + i));
  return value;
}

}  // namespace

TEST_CASE("an animated PNG is a PNG of its first frame, and has the others with their times in order") {
  for (const int channels : {1, 3}) {
    const Animation animation = levels(channels);
    const std::vector<std::byte> bytes = duel::encode_apng(animation);
    const Picture first = duel::decode_png({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, 0);
    CHECK(first.pixels == animation.frames[0].pixels);
    const auto chunks = chunks_in(bytes);
    CHECK((chunks.front().name == "IHDR" && chunks.at(1).name == "acTL" && chunks.back().name == "IEND"));
    CHECK(number_in(chunks.at(1).data, 0) == 3);
    CHECK(number_in(chunks.at(1).data, 4) == 0);
    std::uint32_t sequence = 0;
    std::size_t frame = 0;
    for (const NamedChunk& chunk : chunks) {
      if (chunk.name == "fcTL") {
        CHECK(number_in(chunk.data, 0) == sequence++);
        CHECK((number_in(chunk.data, 4) == 3 && number_in(chunk.data, 8) == 2));
        CHECK(number_in(chunk.data, 20, 2) == static_cast<std::uint32_t>(animation.milliseconds.at(frame++)));
        CHECK(number_in(chunk.data, 22, 2) == 1000);
      } else if (chunk.name == "fdAT") {
        CHECK(number_in(chunk.data, 0) == sequence++);
        // Put where a still picture has its data, it is that frame.
        std::vector<std::byte> still = duel::encode_png(animation.frames.at(frame - 1));
        CHECK(std::string(reinterpret_cast<const char*>(still.data()), still.size()).find(chunk.data.substr(4)) !=
              std::string::npos);
      }
    }
    CHECK(frame == 3);
    CHECK(sequence == 5);
  }
}

TEST_CASE("animations that are none are refused") {
  for (const auto encode : {duel::encode_apng, duel::encode_gif}) {
    if (encode == duel::encode_gif && !duel::has_gif()) continue;
    CHECK_THROWS_AS(encode({}), std::invalid_argument);
    Animation animation = levels(1);
    animation.milliseconds.pop_back();
    CHECK_THROWS_AS(encode(animation), std::invalid_argument);
    animation = levels(1);
    animation.frames[1] = {3, 2, 1, std::vector<std::uint8_t>(6)};
    CHECK_THROWS_AS(encode(animation), std::invalid_argument);
    animation = levels(1);
    animation.milliseconds[0] = 0;
    CHECK_THROWS_AS(encode(animation), std::invalid_argument);
  }
}

#if DUEL_HAS_GIF

TEST_CASE("a GIF has all frames with their pixels and times, and loops") {
  for (const int channels : {1, 3}) {
    const Animation animation = levels(channels);
    struct Source {
      std::vector<std::byte> bytes;
      std::size_t at = 0;
    } source{duel::encode_gif(animation)};
    CHECK(std::string(reinterpret_cast<const char*>(source.bytes.data()), source.bytes.size()).find("NETSCAPE2.0") !=
          std::string::npos);
    const auto read = [](GifFileType* gif, GifByteType* data, int size) {
      auto& from = *static_cast<Source*>(gif->UserData);
      const std::size_t count = std::min(static_cast<std::size_t>(size), from.bytes.size() - from.at);
      std::memcpy(data, from.bytes.data() + from.at, count);
      from.at += count;
      return static_cast<int>(count);
    };
    GifFileType* gif = DGifOpen(&source, read, nullptr);
    REQUIRE(gif != nullptr);
    REQUIRE(DGifSlurp(gif) == GIF_OK);
    CHECK((gif->SWidth == 3 && gif->SHeight == 2 && gif->ImageCount == 3));
    CHECK(source.at == source.bytes.size());
    for (int i = 0; i < gif->ImageCount; ++i) {
      GraphicsControlBlock control;
      REQUIRE(DGifSavedExtensionToGCB(gif, i, &control) == GIF_OK);
      CHECK(10 * control.DelayTime == animation.milliseconds.at(static_cast<std::size_t>(i)));
      const SavedImage& image = gif->SavedImages[i];
      const ColorMapObject* map = image.ImageDesc.ColorMap != nullptr ? image.ImageDesc.ColorMap : gif->SColorMap;
      const auto& pixels = animation.frames.at(static_cast<std::size_t>(i)).pixels;
      for (std::size_t p = 0; p < 6; ++p) {
        const GifColorType colour = map->Colors[image.RasterBits[p]];
        const std::size_t at = p * static_cast<std::size_t>(channels), blue = at + (channels == 3 ? 2 : 0);
        // The quantiser keeps the upper five bits of a colour.
        CHECK(std::abs(colour.Red - pixels.at(at)) <= (channels == 3 ? 8 : 0));
        CHECK(std::abs(colour.Blue - pixels.at(blue)) <= (channels == 3 ? 8 : 0));
      }
    }
    DGifCloseFile(gif, nullptr);
  }
}

#endif

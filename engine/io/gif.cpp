#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>

#include "duel_has.h"
#include "engine/io/animation.h"

#if DUEL_HAS_GIF
#include <gif_lib.h>
#endif

namespace duel {

bool has_gif() {
  return DUEL_HAS_GIF != 0;
}

#if DUEL_HAS_GIF
namespace {

constexpr int kColours = 256, kMostGifSide = 65535;

using Bytes = std::vector<std::byte>;

int append(GifFileType* gif, const GifByteType* data, int size) {
  auto& bytes = *static_cast<Bytes*>(gif->UserData);
  const auto* const begin = reinterpret_cast<const std::byte*>(data);
  bytes.insert(bytes.end(), begin, begin + size);
  return size;
}

void require_gif(int result) {
  if (result != GIF_OK) throw std::runtime_error("giflib could not write the animation");
}

struct CloseGif {
  void operator()(GifFileType* gif) const { EGifCloseFile(gif, nullptr); }
};
struct FreeMap {
  void operator()(ColorMapObject* map) const { GifFreeMapObject(map); }
};
using ColourMap = std::unique_ptr<ColorMapObject, FreeMap>;

ColourMap greys() {
  ColourMap map(GifMakeMapObject(kColours, nullptr));
  if (!map) throw std::bad_alloc();
  for (int i = 0; i < kColours; ++i) {
    const auto level = static_cast<GifByteType>(i);
    map->Colors[i] = {level, level, level};
  }
  return map;
}

/// The pixels of a frame as places in a map of colours, and that map; none for grey ones, which have the file's.
struct Indexed {
  std::vector<GifByteType> pixels;
  ColourMap map;
};

Indexed indexed(const Picture& frame) {
  Indexed result;
  if (frame.channels == 1) {
    result.pixels.assign(frame.pixels.begin(), frame.pixels.end());
    return result;
  }
  const std::size_t count = static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height);
  std::vector<GifByteType> planes[3];
  for (std::size_t c = 0; c < 3; ++c) {
    planes[c].resize(count);
    for (std::size_t i = 0; i < count; ++i) planes[c][i] = frame.pixels[3 * i + c];
  }
  result.pixels.resize(count);
  result.map = greys();
  int colours = kColours;
  require_gif(GifQuantizeBuffer(static_cast<unsigned>(frame.width), static_cast<unsigned>(frame.height), &colours,
                                planes[0].data(), planes[1].data(), planes[2].data(), result.pixels.data(),
                                result.map->Colors));
  return result;
}

void put_loop(GifFileType* gif) {
  const GifByteType for_ever[] = {1, 0, 0};
  require_gif(EGifPutExtensionLeader(gif, APPLICATION_EXT_FUNC_CODE));
  require_gif(EGifPutExtensionBlock(gif, 11, "NETSCAPE2.0"));
  require_gif(EGifPutExtensionBlock(gif, sizeof for_ever, for_ever));
  require_gif(EGifPutExtensionTrailer(gif));
}

void put_frame(GifFileType* gif, const Picture& frame, int milliseconds) {
  const GraphicsControlBlock control = {DISPOSE_DO_NOT, false, std::max(1, (milliseconds + 5) / 10),
                                        NO_TRANSPARENT_COLOR};
  GifByteType extension[4];
  EGifGCBToExtension(&control, extension);
  require_gif(EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, sizeof extension, extension));
  Indexed image = indexed(frame);
  require_gif(EGifPutImageDesc(gif, 0, 0, frame.width, frame.height, false, image.map.get()));
  for (int y = 0; y < frame.height; ++y) {
    require_gif(EGifPutLine(gif, image.pixels.data() + static_cast<std::ptrdiff_t>(y) * frame.width, frame.width));
  }
}

}  // namespace

std::vector<std::byte> encode_gif(const Animation& animation) {
  require_animation(animation);
  const Picture& first = animation.frames.front();
  if (first.width > kMostGifSide || first.height > kMostGifSide) {
    throw std::invalid_argument("a GIF has at most 65535 pixels a side; ask for a smaller picture, or for png");
  }
  Bytes bytes;
  const ColourMap map = greys();
  std::unique_ptr<GifFileType, CloseGif> gif(EGifOpen(&bytes, append, nullptr));
  if (!gif) throw std::bad_alloc();
  EGifSetGifVersion(gif.get(), true);
  require_gif(EGifPutScreenDesc(gif.get(), first.width, first.height, 8, 0, map.get()));
  put_loop(gif.get());
  for (std::size_t i = 0; i < animation.frames.size(); ++i) {
    put_frame(gif.get(), animation.frames[i], animation.milliseconds[i]);
  }
  require_gif(EGifCloseFile(gif.release(), nullptr));  // writes the end
  return bytes;
}

#else

std::vector<std::byte> encode_gif(const Animation&) {
  throw std::logic_error("this build has no giflib");
}

#endif

}  // namespace duel

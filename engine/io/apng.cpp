#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

#include "engine/io/animation.h"

namespace duel {
namespace {

constexpr std::size_t kSignature = 8, kBeforeData = 8, kAfterData = 4;  // bytes of a file, and around a chunk's data

using Bytes = std::vector<std::byte>;

void put32(Bytes& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>(value >> shift));
}
void put16(Bytes& bytes, std::uint32_t value) {
  for (int shift = 8; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>(value >> shift));
}

/// Length, name, data, checksum.
void put_chunk(Bytes& bytes, const char* name, std::span<const std::byte> data) {
  put32(bytes, static_cast<std::uint32_t>(data.size()));
  const std::size_t begin = bytes.size();
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<std::byte>(name[i]));
  bytes.insert(bytes.end(), data.begin(), data.end());
  const auto* const summed = reinterpret_cast<const Bytef*>(bytes.data() + begin);
  put32(bytes, static_cast<std::uint32_t>(crc32(0, summed, static_cast<uInt>(bytes.size() - begin))));
}

struct Chunk {
  std::string name;
  std::span<const std::byte> data;
};

/// Of a file that encode_png() made.
std::vector<Chunk> chunks_of(std::span<const std::byte> png) {
  std::vector<Chunk> chunks;
  for (std::size_t at = kSignature; at + kBeforeData + kAfterData <= png.size();) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size << 8 | std::to_integer<std::size_t>(png[at + i]);
    chunks.push_back(
        {std::string(reinterpret_cast<const char*>(png.data() + at + 4), 4), png.subspan(at + kBeforeData, size)});
    at += kBeforeData + size + kAfterData;
  }
  return chunks;
}

/// The control chunk of a frame, which covers the whole picture.
void put_frame_control(Bytes& bytes, std::uint32_t sequence, const Picture& frame, int milliseconds) {
  Bytes data;
  put32(data, sequence);
  put32(data, static_cast<std::uint32_t>(frame.width));
  put32(data, static_cast<std::uint32_t>(frame.height));
  put32(data, 0);  // x
  put32(data, 0);  // y
  put16(data, static_cast<std::uint32_t>(milliseconds));
  put16(data, 1000);
  data.insert(data.end(), 2, std::byte{0});  // leave it there; take the place of what was there
  put_chunk(bytes, "fcTL", data);
}

}  // namespace

void require_animation(const Animation& animation) {
  constexpr int kMostMilliseconds = 65535;
  const auto& frames = animation.frames;
  if (frames.empty()) throw std::invalid_argument("an animation has at least one frame");
  if (animation.milliseconds.size() != frames.size()) {
    throw std::invalid_argument("an animation has a time for each of its frames");
  }
  for (const int time : animation.milliseconds) {
    if (time < 1 || time > kMostMilliseconds) throw std::invalid_argument("a frame is shown for 1 to 65535 ms");
  }
  for (const Picture& frame : frames) {
    const bool is_alike = frame.height == frames.front().height && frame.width == frames.front().width &&
                          frame.channels == frames.front().channels;
    if (!is_alike) throw std::invalid_argument("the frames of an animation differ in size or number of channels");
  }
}

std::vector<std::byte> encode_apng(const Animation& animation) {
  require_animation(animation);
  Bytes bytes;
  std::uint32_t sequence = 0;
  for (std::size_t i = 0; i < animation.frames.size(); ++i) {
    const Picture& frame = animation.frames[i];
    const Bytes png = encode_png(frame);
    if (i == 0) bytes.assign(png.begin(), png.begin() + kSignature);
    bool has_control = false;
    for (const Chunk& chunk : chunks_of(png)) {
      if (chunk.name == "IDAT") {
        if (!has_control) put_frame_control(bytes, sequence++, frame, animation.milliseconds[i]);
        has_control = true;
        if (i == 0) {
          put_chunk(bytes, "IDAT", chunk.data);
          continue;
        }
        Bytes data;
        put32(data, sequence++);
        data.insert(data.end(), chunk.data.begin(), chunk.data.end());
        put_chunk(bytes, "fdAT", data);
      } else if (i == 0 && chunk.name != "IEND") {
        put_chunk(bytes, chunk.name.c_str(), chunk.data);
        if (chunk.name != "IHDR") continue;
        Bytes control;
        put32(control, static_cast<std::uint32_t>(animation.frames.size()));
        put32(control, 0);  // for ever
        put_chunk(bytes, "acTL", control);
      }
    }
  }
  put_chunk(bytes, "IEND", {});
  return bytes;
}

}  // namespace duel

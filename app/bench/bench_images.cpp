#include "app/bench/bench_images.h"

#include <algorithm>

#include "engine/networks/latents.h"

namespace duel::app {
namespace {

/// splitmix64: a well-mixed value for each index.
std::uint64_t mixed(std::uint64_t index) {
  std::uint64_t z = (index + 1) * 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// A number from 0 to below 1 from 16 of the bits.
double fraction(std::uint64_t bits, int part) {
  return static_cast<double>((bits >> (16 * part)) & 0xffff) / 0x10000;
}

}  // namespace

ImageSet made_up_images(const NetworkConfig& networks, int count) {
  const int size = networks.image_size, channels = networks.channels;
  ImageSet images{count, size, size, channels, {}, classes_in_turn(count, networks.classes)};
  images.pixels.reserve(static_cast<std::size_t>(count) * static_cast<std::size_t>(networks.pixels()));
  for (int i = 0; i < count; ++i) {
    const std::uint64_t bits = mixed(static_cast<std::uint64_t>(i));
    const double row = size * (0.25 + 0.5 * fraction(bits, 0)), column = size * (0.25 + 0.5 * fraction(bits, 1));
    const double radius = size * (0.15 + 0.25 * fraction(bits, 2));
    for (int y = 0; y < size; ++y) {
      for (int x = 0; x < size; ++x) {
        const double square = ((y - row) * (y - row) + (x - column) * (x - column)) / (radius * radius);
        images.pixels.push_back(static_cast<std::uint8_t>(255 * std::max(0.0, 1 - square)));
      }
    }
    const std::size_t plane = static_cast<std::size_t>(size) * size;  // all channels alike
    for (int c = 1; c < channels; ++c) {
      for (std::size_t p = 0; p < plane; ++p) images.pixels.push_back(images.pixels[images.pixels.size() - plane]);
    }
  }
  return images;
}

}  // namespace duel::app

// A small dataset with labels, for tests of what a classifier sees.
#pragma once

#include <fstream>
#include <string>

#include "tests/app/workplace.h"

namespace duel::app::test {

inline void write_number(std::ofstream& file, int value) {
  for (const int shift : {24, 16, 8, 0}) file.put(static_cast<char>(value >> shift & 255));
}

/// Images of two classes, bright above or below, each with noise of its own; and their labels.
inline void write_labelled_set(const fs::path& folder, const std::string& name, int count, unsigned noise) {
  std::ofstream images(folder / (name + "-images-idx3-ubyte"), std::ios::binary);
  std::ofstream labels(folder / (name + "-labels-idx1-ubyte"), std::ios::binary);
  for (const int value : {0x803, count, kSize, kSize}) write_number(images, value);
  for (const int value : {0x801, count}) write_number(labels, value);
  for (int i = 0; i < count; ++i) {
    labels.put(static_cast<char>(i % 2));
    for (int at = 0; at < kSize * kSize; ++at) {
      noise = noise * 1664525 + 1013904223;
      const bool is_bright = (at < kSize * kSize / 2) == (i % 2 == 0);
      images.put(static_cast<char>((is_bright ? 150 : 0) + (noise >> 24) * 90 / 255));
    }
  }
}

}  // namespace duel::app::test

// Small labelled sets and recipes for the classifier's tests.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "engine/quality/classifier_training.h"

namespace duel::test {

/// `count` images of 6 x 6 pixels of four classes in turn, which periods of bright pixels tell apart, with noise.
inline ImageSet labelled_images(int count, std::uint64_t seed) {
  ImageSet set{count, 6, 6, 1, {}, {}};
  std::mt19937_64 random(seed);
  for (int image = 0; image < count; ++image) {
    const int image_class = image % 4;
    set.labels.push_back(static_cast<std::uint8_t>(image_class));
    for (int pixel = 0; pixel < 36; ++pixel) {
      const int value = pixel % (image_class + 2) == 0 ? 180 : 40;
      set.pixels.push_back(static_cast<std::uint8_t>(value + static_cast<int>(random() % 71) - 35));
    }
  }
  return set;
}

inline ClassifierRecipe small_recipe() {
  ClassifierRecipe recipe;
  recipe.widths = {33, 20};
  recipe.batch = 32;
  recipe.epochs = 2;
  recipe.least_iterations = 300;
  return recipe;
}

/// As the network takes them: the bytes 0 to 255 become -1 to 1.
inline std::vector<float> as_floats(const ImageSet& set) {
  std::vector<float> values;
  for (const std::uint8_t byte : set.pixels) values.push_back((static_cast<float>(byte) / 255.f - 0.5f) / 0.5f);
  return values;
}

}  // namespace duel::test

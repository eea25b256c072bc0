#include "engine/data/image_stack.h"

#include <algorithm>
#include <string>

#include "engine/data/class_labels.h"

namespace duel {

ImageSet stack_images(const ImageSet& images, int count, std::mt19937_64& random) {
  if (images.channels != 1) {
    throw DataError("expected grey images to stack, found images of " + std::to_string(images.channels) + " channels");
  }
  if (images.labels.empty()) throw DataError("expected images with labels to stack, found none");
  const int classes = ClassLabels(images.labels).count();
  if (classes > kMostStackedClasses) {
    throw DataError("expected images of at most " + std::to_string(kMostStackedClasses) + " classes to stack, found " +
                    std::to_string(classes));
  }
  ImageSet stack{.count = count, .height = images.height, .width = images.width, .channels = kStackedChannels};
  const std::size_t pixels = images.pixels.size() / static_cast<std::size_t>(images.count);
  for (int i = 0; i < count * kStackedChannels; ++i) {
    const std::size_t one = random() % static_cast<std::uint64_t>(images.count);
    const auto begin = images.pixels.begin() + static_cast<std::ptrdiff_t>(one * pixels);
    stack.pixels.insert(stack.pixels.end(), begin, begin + static_cast<std::ptrdiff_t>(pixels));
    stack.channel_labels.push_back(images.labels[one]);
  }
  return stack;
}

ImageSet channels_of(const ImageSet& stack, int most) {
  const int count = std::min(stack.count * stack.channels, most);
  const auto pixels = static_cast<std::size_t>(count) * static_cast<std::size_t>(stack.height * stack.width);
  return {.count = count,
          .height = stack.height,
          .width = stack.width,
          .channels = 1,
          .pixels = {stack.pixels.begin(), stack.pixels.begin() + static_cast<std::ptrdiff_t>(pixels)},
          .labels = {stack.channel_labels.begin(), stack.channel_labels.begin() + count},
          .name = stack.name};
}

}  // namespace duel

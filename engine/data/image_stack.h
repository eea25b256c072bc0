// Stacks: images in colour whose channels are images by themselves, of a dataset of grey ones. With three digits in an
// image there are 1,000 combinations, and a generator that draws few of them is found out. Sources: L. Metz et al.,
// Unrolled generative adversarial networks (2017); A. Srivastava et al., VEEGAN (2017); Z. Lin et al., PacGAN (2018).
#pragma once

#include <random>

#include "engine/io/idx.h"

namespace duel {

inline constexpr int kStackedChannels = 3;
/// Of a channel: the combinations of more would be too many to count.
inline constexpr int kMostStackedClasses = 10;

/// `count` images, each of whose channels is one of `images`, drawn with replacement; channel_labels says of which
/// class. Throws DataError unless the images are grey, with labels of at most kMostStackedClasses classes.
ImageSet stack_images(const ImageSet& images, int count, std::mt19937_64& random);

/// Whether the channels are images by themselves.
inline bool is_stack(const ImageSet& images) {
  return !images.channel_labels.empty();
}

/// The channels of the first images of a stack as grey images with labels, at most `most` of them.
ImageSet channels_of(const ImageSet& stack, int most);

}  // namespace duel

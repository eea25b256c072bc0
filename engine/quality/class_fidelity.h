// How well images are of the classes that a conditional generator was asked for.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/quality/frechet_distance.h"
#include "engine/quality/points.h"

namespace duel {

/// Share of images whose most probable class is that of `classes` [images]. `probabilities`: [images, classes]. Throws
/// std::invalid_argument for another number of classes than images.
double confirmed_share(const Points& probabilities, std::span<const std::uint8_t> classes);

/// The moments of each class's points; nothing of a class with fewer than two. Throws std::invalid_argument for another
/// number of classes than points, and for a class that is not below `count`.
std::vector<Moments> moments_by_class(const Points& points, std::span<const std::uint8_t> classes, int count);

/// Mean over classes of the Fréchet distance between their points: unlike that of all points it sees a generator that
/// draws a class the same way every time. Classes without moments in either are left out; NaN where all are. Source:
/// T. DeVries et al., On the evaluation of conditional GANs (2019), within-class FID.
double frechet_within_classes(const std::vector<Moments>& a, const std::vector<Moments>& b);

}  // namespace duel

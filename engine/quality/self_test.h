// Whether the metrics notice what they are there to notice: sets of images with known faults, made from real ones, and
// closed forms.
#pragma once

#include <string>
#include <vector>

#include "engine/quality/quality_meter.h"

namespace duel {

/// One question to one metric.
struct SelfTestCheck {
  std::string images;    ///< what was measured
  std::string figure;    ///< which figure of it, a FigureInfo::key, or a name of its own
  double value = 0;      ///< what the metric said
  double real = 0;       ///< what it says of the test images, or the right answer
  std::string expected;  ///< in words
  bool noticed = false;
};

/// Measures test images, test images without their largest class, with copies of each other, with copies of training
/// images, and noise; and Parzen windows of known answer. Uses all metrics whatever the settings say. Throws DataError
/// where the test set has fewer than 100 images, no labels, or only one class.
std::vector<SelfTestCheck> quality_self_test(const ImageSet& train, const ImageSet& test, const Classify& classify,
                                             QualitySettings settings);
/// What that takes, about, as QualityWork counts.
double self_test_work(const ImageSet& train, const ImageSet& test, QualitySettings settings);

}  // namespace duel

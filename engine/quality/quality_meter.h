// All figures of sets of samples, measured against the same real images. What depends on the real images alone is
// computed once.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/io/idx.h"
#include "engine/quality/classifier.h"
#include "engine/quality/figures.h"
#include "kernels/kernel_selection.h"

namespace duel {

/// What one set of samples measures.
struct Quality {
  Figures figures;                        ///< of the metrics that were asked for
  std::vector<double> class_shares;       ///< by class, where the histogram was asked for
  std::map<std::string, double> seconds;  ///< that each part took, by Metric's name, and "classifier"
};

/// Images [count, pixels] in [-1, 1] to what a classifier makes of them.
using Classify = std::function<ClassifierOutput(std::span<const float> images)>;

/// Told of every part of the work before it begins, with what it takes (engine/quality/quality_work.h), and while it
/// goes on how much more of it is done.
struct QualityProgress {
  std::function<void(const std::string& what, double work)> begin = [](const std::string&, double) {};
  std::function<void(double work)> advance = [](double) {};
};

struct QualitySettings {
  int samples = 10'000;  ///< of each set, and as many real images in comparisons of sets of equal size
  std::set<Metric> metrics{all_metrics().begin(), all_metrics().end()};
  KernelSelection kernels;
  QualityProgress progress;
  std::vector<double> class_shares = {};  ///< of the data, by class, of which samples should have as many; none: equal
};

/// Throws DataError where training and test images differ in size, or there are fewer than 60 training or 10 test
/// images.
void require_measurable(const ImageSet& train, const ImageSet& test);

class QualityMeter {
 public:
  /// Prepares what the metrics need of the real images. Throws as require_measurable(); what `classify` throws;
  /// CudaError.
  QualityMeter(const ImageSet& train, const ImageSet& test, Classify classify, const QualitySettings& settings);
  ~QualityMeter();

  /// Of samples [count, pixels] in [-1, 1]. `classes`: that each is to be of [count]; without them, or without labels
  /// of the real images, Metric::classes is not measured. Throws std::invalid_argument for values that are no whole
  /// images, not finite, or fewer than 10 images, and for another number of classes.
  Quality measure(std::span<const float> samples, std::span<const std::uint8_t> classes = {}) const;

  /// The same of real images in the samples' place: the test images; for the Parzen window, which is about the test
  /// images, training images. What no generator is expected to pass.
  Quality measure_real() const;

  /// Distance of pixels in [0, 1] below which two samples count as near-duplicates: 1 % of as many training images have
  /// their nearest neighbour there. 0 where duplicates were not asked for.
  double duplicate_threshold() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Images of bytes as networks see them, [count, pixels] in [-1, 1].
std::vector<float> network_pixels(const ImageSet& images);
/// From the range of networks, [-1, 1], to that of distances between images, [0, 1].
std::vector<float> unit_pixels(std::span<const float> images);

}  // namespace duel

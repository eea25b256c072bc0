// What the figures take to compute, known beforehand, for whoever shows how far that is. In multiply-adds, about:
// nearly all of them are in distances between images.
#pragma once

#include <set>

#include "engine/quality/quality_meter.h"

namespace duel {

class QualityWork {
 public:
  QualityWork(const QualitySettings& settings, const ImageSet& train, const ImageSet& test);

  /// Parts, as QualityMeter begins them.
  double classifying(double images) const;
  double preparing(Metric metric) const;
  double measuring(Metric metric, double images, bool is_real) const;

  /// All parts of a meter's preparation, of measure_real(), and of measure() for as many samples as the settings say.
  double preparation() const;
  double real() const;
  double samples() const;

 private:
  bool needs_classifier() const;

  std::set<Metric> metrics_;
  double samples_, train_, test_, pixels_;
};

}  // namespace duel

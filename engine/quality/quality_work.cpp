#include "engine/quality/quality_work.h"

#include <algorithm>

#include "engine/quality/different_bins.h"

namespace duel {
namespace {

constexpr double kHidden = 512, kFeatures = 256;  // widths of the usual classifier
constexpr double kMoves = 30, kOfMove = 2.5;      // of k-means; its host takes more than the distances do
constexpr double kOfClasses = 3;                  // of Fréchet distances, one of all images
constexpr double kValidation = 1000;              // images that choose Parzen's sigma, at most

}  // namespace

QualityWork::QualityWork(const QualitySettings& settings, const ImageSet& train, const ImageSet& test)
    : metrics_(settings.metrics),
      samples_(settings.samples),
      train_(train.count),
      test_(test.count),
      pixels_(1.0 * train.height * train.width * train.channels) {
  // Both come from the same distances.
  if (metrics_.contains(Metric::precision_recall)) metrics_.erase(Metric::density_coverage);
}

bool QualityWork::needs_classifier() const {
  return std::any_of(metrics_.begin(), metrics_.end(), [](Metric metric) { return duel::needs_classifier(metric); });
}

double QualityWork::classifying(double images) const {
  return images * kHidden * (pixels_ + kFeatures);
}

double QualityWork::preparing(Metric metric) const {
  switch (metric) {
    case Metric::frechet_distance:
    case Metric::classes:
      return train_ * kFeatures * kFeatures;
    case Metric::precision_recall:
    case Metric::density_coverage:
      return samples_ * samples_ * kFeatures;
    case Metric::different_bins:
      return kMoves * kOfMove * kBins * train_ * pixels_;
    case Metric::duplicates:
      return samples_ * samples_ * pixels_;
    case Metric::nearest_training:
      return test_ * train_ * pixels_;
    case Metric::inception_score:
    case Metric::parzen:
    case Metric::histogram:
    case Metric::border:
      break;
  }
  return 0;
}

double QualityWork::measuring(Metric metric, double images, bool is_real) const {
  switch (metric) {
    case Metric::frechet_distance:
      return images * kFeatures * kFeatures;
    case Metric::classes:
      return kOfClasses * images * kFeatures * kFeatures;
    case Metric::precision_recall:
    case Metric::density_coverage:
      return images * (images + 3 * samples_) * kFeatures;
    case Metric::different_bins:
      return kBins * images * pixels_;
    case Metric::duplicates:
      return images * images * pixels_;
    case Metric::nearest_training:
      return is_real ? 0 : images * train_ * pixels_;  // known from the preparation
    case Metric::parzen:
      return (kValidation + test_) * samples_ * pixels_;
    case Metric::inception_score:
    case Metric::histogram:
    case Metric::border:
      break;
  }
  return images * pixels_;
}

double QualityWork::preparation() const {
  double sum = needs_classifier() ? classifying(train_) + classifying(test_) : 0;
  for (const Metric metric : metrics_) sum += preparing(metric);
  return sum;
}

double QualityWork::real() const {
  double sum = 0;
  for (const Metric metric : metrics_) sum += measuring(metric, test_, true);
  return sum;
}

double QualityWork::samples() const {
  double sum = needs_classifier() ? classifying(samples_) : 0;
  for (const Metric metric : metrics_) sum += measuring(metric, samples_, false);
  return sum;
}

}  // namespace duel

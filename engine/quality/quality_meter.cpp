#include "engine/quality/quality_meter.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "engine/data/class_labels.h"
#include "engine/measure/statistics.h"
#include "engine/quality/bright_border.h"
#include "engine/quality/class_fidelity.h"
#include "engine/quality/class_histogram.h"
#include "engine/quality/copies.h"
#include "engine/quality/different_bins.h"
#include "engine/quality/frechet_distance.h"
#include "engine/quality/inception_score.h"
#include "engine/quality/manifold.h"
#include "engine/quality/nearest_images.h"
#include "engine/quality/parzen.h"
#include "engine/quality/quality_work.h"

namespace duel {
namespace {

constexpr int kLeastTraining = 60, kLeastImages = 10;
constexpr int kMostValidation = 1000;   // images that choose sigma
constexpr double kRareQuantile = 0.01;  // of real images' distances: nearer than that is suspicious
constexpr const char* kClassifier = "classifier";

/// Images by themselves, and in the eyes of the classifier.
struct Judged {
  std::vector<float> pixels;  ///< in [0, 1]
  int pixels_of_image;
  ClassifierOutput output;
  std::vector<std::uint8_t> classes = {};  ///< that they are to be of; none where nobody asks

  Points images() const { return {pixels, pixels_of_image}; }
  Points features() const { return {output.features, output.feature_dim}; }
  Points probabilities() const { return {output.probabilities, output.classes}; }
};

void require_images(const ImageSet& images, int least, const char* which) {
  if (images.count >= least) return;
  throw DataError("expected at least " + std::to_string(least) + " " + which + " images, found " +
                  std::to_string(images.count) + "; measure on a larger dataset");
}

/// The validation images of the 2014 protocol: of 60,000 training images the 10,000 from 50,000 on, of which it takes
/// the first 1,000; in smaller sets the same share.
Points validation_images(const Points& train) {
  const int begin = train.count() - train.count() / 6;
  return train.range(begin, std::min(kMostValidation, train.count() - begin));
}

std::vector<double> sorted(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values;
}

double median(std::vector<double> values) {
  return quantile(sorted(std::move(values)), 0.5);
}

/// What only a rare real image's distance is below. Images that are the same do not count: where a set holds some
/// twice, they would hide all copies but exact ones.
double rare_distance(std::vector<double> distances, double of_copies) {
  std::erase_if(distances, [&](double distance) { return distance <= of_copies; });
  return distances.empty() ? of_copies : quantile(sorted(std::move(distances)), kRareQuantile);
}

/// Share of values below `limit`.
double share_below(const std::vector<double>& values, double limit) {
  const auto below = std::count_if(values.begin(), values.end(), [&](double value) { return value < limit; });
  return static_cast<double>(below) / static_cast<double>(values.size());
}

/// Without labels nobody knows of which class an image is to be.
QualitySettings possible(QualitySettings settings, const ImageSet& train, const ImageSet& test) {
  if (train.labels.empty() || test.labels.empty()) std::erase_if(settings.metrics, needs_classes);
  return settings;
}

}  // namespace

struct QualityMeter::Impl {
  QualitySettings settings;
  Classify classify;
  QualityWork work;
  int height, width, pixels_of_image;
  PairwiseDistances distances;
  Judged train, test;
  // Each where a metric needs it.
  std::optional<Moments> train_moments;
  std::vector<Moments> train_moments_by_class;
  std::optional<Manifold> manifold;
  std::optional<RealBins> bins;
  std::optional<DevicePoints> train_on_device, test_on_device, validation;
  double duplicate_threshold = 0, rare_training_distance = 0;
  std::vector<double> test_to_train;  ///< distances

  Impl(const ImageSet& train_images, const ImageSet& test_images, Classify classify_, const QualitySettings& settings_)
      : settings(possible(settings_, train_images, test_images)),
        classify(std::move(classify_)),
        work(settings, train_images, test_images),
        height(train_images.height),
        width(train_images.width),
        pixels_of_image(height * width * train_images.channels),
        distances(settings.kernels, settings.progress.advance),
        train(judge(network_pixels(train_images), "training images")),
        test(judge(network_pixels(test_images), "test images")) {
    if (wants(Metric::classes)) {
      const ClassLabels labels(train_images.labels);
      train.classes = labels.classes_of(train_images.labels);
      test.classes = labels.classes_of(test_images.labels);
    }
    train.output.probabilities = {};  // of a thousand classes they are many, and no figure needs them
    prepare();
  }

  bool wants(Metric metric) const { return settings.metrics.contains(metric); }
  bool wants_manifold() const { return wants(Metric::precision_recall) || wants(Metric::density_coverage); }
  bool wants_classifier() const {
    return std::any_of(settings.metrics.begin(), settings.metrics.end(), needs_classifier);
  }

  Judged judge(std::span<const float> images, const char* which) const {
    Judged judged{unit_pixels(images), pixels_of_image, {}};
    if (!wants_classifier()) return judged;
    settings.progress.begin(std::string("classifying the ") + which, work.classifying(judged.images().count()));
    judged.output = classify(images);
    return judged;
  }

  void begin_preparing(Metric metric, const std::string& what) const {
    settings.progress.begin(what, work.preparing(metric));
  }

  void prepare() {
    const Points some = train.images().first(settings.samples);
    if (wants(Metric::frechet_distance)) {
      begin_preparing(Metric::frechet_distance, "moments of the training images' features");
      train_moments = moments_of(train.features());
    }
    if (wants(Metric::classes)) {
      begin_preparing(Metric::classes, "moments of each class's features");
      train_moments_by_class = moments_by_class(train.features(), train.classes, train.output.classes);
    }
    if (wants_manifold()) {
      begin_preparing(Metric::precision_recall, "manifold of the training images");
      manifold.emplace(distances, train.features().first(settings.samples));
    }
    if (wants(Metric::different_bins)) {
      begin_preparing(Metric::different_bins, "bins of the training images");
      bins.emplace(distances, train.images());
    }
    if (wants(Metric::duplicates)) {
      begin_preparing(Metric::duplicates, "distances between training images");
      const DevicePoints points = distances.upload(some);
      duplicate_threshold = rare_distance(nearest_other_distances(distances, points), copy_distance(pixels_of_image));
    }
    if (wants(Metric::parzen) || wants(Metric::nearest_training)) test_on_device = distances.upload(test.images());
    if (wants(Metric::parzen)) validation = distances.upload(validation_images(train.images()));
    if (wants(Metric::nearest_training)) {
      begin_preparing(Metric::nearest_training, "distances from test to training images");
      train_on_device = distances.upload(train.images());
      test_to_train = nearest_distances(distances, *test_on_device, *train_on_device);
      rare_training_distance = rare_distance(test_to_train, copy_distance(pixels_of_image));
    }
  }

  /// `window`: the images around which Parzen's Gaussians stand.
  Quality measure(const Judged& samples, const Points& window) const;
  void measure_by_classifier(const Judged& samples, Quality& quality) const;
  void measure_by_pixels(const Judged& samples, Quality& quality) const;
  void measure_parzen(const Judged& samples, const Points& window, Quality& quality) const;

  /// Runs `measure_it` if the metric is wanted, and notes its seconds.
  template <class Work>
  void timed(Metric metric, const Judged& samples, Quality& quality, const Work& measure_it) const {
    if (!wants(metric)) return;
    settings.progress.begin("measuring " + name_of(metric),
                            work.measuring(metric, samples.images().count(), &samples == &test));
    const auto start = std::chrono::steady_clock::now();
    measure_it(quality.figures);
    quality.seconds[name_of(metric)] += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
};

void QualityMeter::Impl::measure_by_classifier(const Judged& samples, Quality& quality) const {
  timed(Metric::frechet_distance, samples, quality, [&](Figures& figures) {
    figures["frechet_distance"] = frechet_distance(*train_moments, moments_of(samples.features()));
  });
  if (!samples.classes.empty()) {
    timed(Metric::classes, samples, quality, [&](Figures& figures) {
      figures["confirmed_classes"] = confirmed_share(samples.probabilities(), samples.classes);
      figures["frechet_within_classes"] = frechet_within_classes(
          train_moments_by_class, moments_by_class(samples.features(), samples.classes, samples.output.classes));
    });
  }
  timed(Metric::inception_score, samples, quality,
        [&](Figures& figures) { figures["inception_score"] = inception_score(samples.probabilities()); });
  // Both pairs come from the same distances; whoever asks for one gets the time of both.
  timed(wants(Metric::precision_recall) ? Metric::precision_recall : Metric::density_coverage, samples, quality,
        [&](Figures& figures) {
          const ManifoldScores scores = manifold->scores(samples.features().first(settings.samples));
          if (wants(Metric::precision_recall)) {
            figures["precision"] = scores.precision;
            figures["recall"] = scores.recall;
          }
          if (wants(Metric::density_coverage)) {
            figures["density"] = scores.density;
            figures["coverage"] = scores.coverage;
          }
        });
  timed(Metric::histogram, samples, quality, [&](Figures& figures) {
    const ClassHistogram histogram = class_histogram(samples.probabilities());
    const std::vector<double> equal(histogram.shares.size(), 1.0 / static_cast<double>(histogram.shares.size()));
    figures["classes_found"] = classes_found(histogram.shares);
    figures["class_divergence"] =
        class_divergence(histogram.shares, settings.class_shares.empty() ? equal : settings.class_shares);
    figures["class_entropy"] = histogram.entropy;
    figures["largest_class"] = histogram.largest;
    quality.class_shares = histogram.shares;
  });
}

void QualityMeter::Impl::measure_by_pixels(const Judged& samples, Quality& quality) const {
  timed(Metric::different_bins, samples, quality,
        [&](Figures& figures) { figures["different_bins"] = bins->share_of_different(samples.images()); });
  timed(Metric::duplicates, samples, quality, [&](Figures& figures) {
    const DevicePoints points = distances.upload(samples.images().first(settings.samples));
    figures["duplicate_pairs"] = static_cast<double>(close_pairs(distances, points, duplicate_threshold));
  });
  timed(Metric::nearest_training, samples, quality, [&](Figures& figures) {
    const bool is_test = &samples == &test;
    const auto nearest =
        is_test ? test_to_train : nearest_distances(distances, distances.upload(samples.images()), *train_on_device);
    figures["nearest_training_distance"] = median(nearest);
    figures["copied_share"] = share_below(nearest, rare_training_distance);
    figures["exact_copies"] = share_below(nearest, copy_distance(pixels_of_image));
  });
  timed(Metric::border, samples, quality, [&](Figures& figures) {
    figures["bright_border_pixels"] = bright_border_pixels(samples.images(), height, width);
  });
}

void QualityMeter::Impl::measure_parzen(const Judged& samples, const Points& window, Quality& quality) const {
  timed(Metric::parzen, samples, quality, [&](Figures& figures) {
    const ParzenResult result = parzen(distances, *validation, *test_on_device, distances.upload(window));
    figures["parzen_log_likelihood"] = result.log_likelihood;
    figures["parzen_standard_error"] = result.standard_error;
    figures["parzen_sigma"] = result.sigma;
  });
}

Quality QualityMeter::Impl::measure(const Judged& samples, const Points& window) const {
  Quality quality;
  measure_by_classifier(samples, quality);
  measure_by_pixels(samples, quality);
  measure_parzen(samples, window, quality);
  return quality;
}

void require_measurable(const ImageSet& train, const ImageSet& test) {
  require_images(train, kLeastTraining, "training");
  require_images(test, kLeastImages, "test");
  if (train.height != test.height || train.width != test.width || train.channels != test.channels) {
    throw DataError("the test images are " + std::to_string(test.height) + "x" + std::to_string(test.width) +
                    ", expected the training images' " + std::to_string(train.height) + "x" +
                    std::to_string(train.width) + "; are both files of the same dataset?");
  }
}

QualityMeter::QualityMeter(const ImageSet& train, const ImageSet& test, Classify classify,
                           const QualitySettings& settings) {
  require_measurable(train, test);
  impl_ = std::make_unique<Impl>(train, test, std::move(classify), settings);
}
QualityMeter::~QualityMeter() = default;

Quality QualityMeter::measure(std::span<const float> samples, std::span<const std::uint8_t> classes) const {
  const auto pixels = static_cast<std::size_t>(impl_->pixels_of_image);
  if (samples.size() % pixels != 0 || samples.size() / pixels < kLeastImages) {
    throw std::invalid_argument("expected at least " + std::to_string(kLeastImages) + " images of " +
                                std::to_string(pixels) + " values, found " + std::to_string(samples.size()) +
                                " values");
  }
  if (!std::all_of(samples.begin(), samples.end(), [](float value) { return std::isfinite(value); })) {
    throw std::invalid_argument("expected finite samples, found a value that is not");
  }
  const auto start = std::chrono::steady_clock::now();
  Judged judged = impl_->judge(samples, "samples");
  judged.classes.assign(classes.begin(), classes.end());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  Quality quality = impl_->measure(judged, judged.images().first(impl_->settings.samples));
  quality.seconds[kClassifier] = seconds;
  return quality;
}

Quality QualityMeter::measure_real() const {
  return impl_->measure(impl_->test, impl_->train.images().first(impl_->settings.samples));
}

double QualityMeter::duplicate_threshold() const {
  return impl_->duplicate_threshold;
}

std::vector<float> network_pixels(const ImageSet& images) {
  std::vector<float> result;
  result.reserve(images.pixels.size());
  for (const std::uint8_t byte : images.pixels) result.push_back((static_cast<float>(byte) / 255.f - 0.5f) / 0.5f);
  return result;
}

std::vector<float> unit_pixels(std::span<const float> images) {
  std::vector<float> result;
  result.reserve(images.size());
  for (const float value : images) result.push_back((value + 1.f) / 2.f);
  return result;
}

}  // namespace duel

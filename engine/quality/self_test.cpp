#include "engine/quality/self_test.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <stdexcept>

#include "engine/data/class_labels.h"
#include "engine/quality/parzen.h"
#include "engine/quality/quality_work.h"

namespace duel {
namespace {

constexpr int kLeastTestImages = 100;
constexpr int kPlantEvery = 20;  // one image in so many is a copy

/// Values in [0, 1), the same on every machine.
class Uniform {
 public:
  double next() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  double next_normal() { return std::sqrt(-2 * std::log(1 - next())) * std::cos(2 * std::numbers::pi * next()); }

 private:
  std::mt19937_64 random_{20140610};
};

/// Real images to make faulty sets of.
struct Material {
  int pixels, count;
  std::vector<float> images, train;  ///< of networks' range
  std::vector<std::uint8_t> labels;

  std::span<const float> image(const std::vector<float>& set, int i) const {
    return std::span(set).subspan(static_cast<std::size_t>(i) * pixels, static_cast<std::size_t>(pixels));
  }
  /// Image `to` becomes a copy of `from`.
  void copy(std::span<const float> from, std::vector<float>& set, int to) const {
    std::copy(from.begin(), from.end(), set.begin() + static_cast<std::ptrdiff_t>(to) * pixels);
  }
};

Material material_of(const ImageSet& train, const ImageSet& test, int most) {
  if (test.count < kLeastTestImages || test.labels.empty()) {
    throw DataError("the self-test needs at least 100 labelled test images, found " + std::to_string(test.count) +
                    (test.labels.empty() ? " without labels" : ""));
  }
  Material material{test.height * test.width * test.channels, std::min(test.count, most), network_pixels(test),
                    network_pixels(train), test.labels};
  material.images.resize(static_cast<std::size_t>(material.count) * material.pixels);
  material.labels.resize(static_cast<std::size_t>(material.count));
  return material;
}

int largest_class(const std::vector<std::uint8_t>& labels) {
  std::vector<int> counts(256);
  for (const std::uint8_t label : labels) ++counts[label];
  const auto largest = std::max_element(counts.begin(), counts.end());
  if (*largest == static_cast<int>(labels.size())) {
    throw DataError("the self-test needs test images of two classes, found one");
  }
  return static_cast<int>(largest - counts.begin());
}

std::vector<float> without_class(const Material& material, int left_out) {
  std::vector<float> result;
  for (int i = 0; i < material.count; ++i) {
    if (material.labels[static_cast<std::size_t>(i)] == left_out) continue;
    const auto image = material.image(material.images, i);
    result.insert(result.end(), image.begin(), image.end());
  }
  return result;
}

/// Every 20th image becomes a copy of the one after it.
std::vector<float> with_duplicates(const Material& material) {
  std::vector<float> result = material.images;
  for (int i = 0; i + 1 < material.count; i += kPlantEvery) {
    material.copy(material.image(material.images, i + 1), result, i);
  }
  return result;
}

/// Every 20th image becomes a training image.
std::vector<float> with_training_images(const Material& material) {
  std::vector<float> result = material.images;
  for (int i = 0; i < material.count; i += kPlantEvery) {
    material.copy(material.image(material.train, i / kPlantEvery), result, i);
  }
  return result;
}

std::vector<float> noise(const Material& material) {
  Uniform uniform;
  std::vector<float> result;
  for (std::size_t i = 0; i < material.images.size(); ++i) {
    result.push_back(static_cast<float>(2 * uniform.next() - 1));
  }
  return result;
}

/// Collects answers of one set of images.
class Questions {
 public:
  Questions(std::string images, const Quality& quality, const Quality& real, std::vector<SelfTestCheck>& checks)
      : images_(std::move(images)), quality_(quality), real_(real), checks_(checks) {}

  /// accepted(value, real)
  template <class Accepted>
  void ask(const std::string& figure, const std::string& expected, const Accepted& accepted) {
    const double value = quality_.figures.at(figure), real = real_.figures.at(figure);
    checks_.push_back({images_, figure, value, real, expected, accepted(value, real)});
  }
  void answer(const std::string& figure, double value, double real, const std::string& expected, bool noticed) {
    checks_.push_back({images_, figure, value, real, expected, noticed});
  }

 private:
  std::string images_;
  const Quality &quality_, &real_;
  std::vector<SelfTestCheck>& checks_;
};

void ask_about_real(Questions questions) {
  questions.ask("precision", "above 0.5", [](double value, double) { return value > 0.5; });
  questions.ask("recall", "above 0.5", [](double value, double) { return value > 0.5; });
  questions.ask("density", "0.7 to 1.3", [](double value, double) { return value > 0.7 && value < 1.3; });
  questions.ask("coverage", "above 0.7", [](double value, double) { return value > 0.7; });
  questions.ask("different_bins", "below 0.4", [](double value, double) { return value < 0.4; });
}

/// `at`: the class of the label `left_out`.
void ask_about_missing_class(Questions questions, const Quality& quality, const Quality& real, int left_out,
                             std::size_t at) {
  const double share = real.class_shares.at(at), found = quality.class_shares.at(at);
  questions.answer("share of class " + std::to_string(left_out), found, share, "a fifth of the real share at most",
                   found < share / 5);
  questions.ask("frechet_distance", "twice the real one", [](double value, double r) { return value > 2 * r; });
  questions.ask("recall", "lower by a third of the share",
                [=](double value, double r) { return value < r - share / 3; });
  questions.ask("coverage", "lower by a third of the share",
                [=](double value, double r) { return value < r - share / 3; });
  questions.ask("different_bins", "higher by 0.05", [](double value, double r) { return value > r + 0.05; });
  questions.ask("class_entropy", "lower", [](double value, double r) { return value < r - 0.01; });
}

void ask_about_noise(Questions questions) {
  questions.ask("frechet_distance", "ten times the real one", [](double value, double r) { return value > 10 * r; });
  questions.ask("inception_score", "below 0.8 of it", [](double value, double r) { return value < 0.8 * r; });
  // Not precision: all noise looks alike to a classifier, and may lie in the wide ball of some unusual real image.
  questions.ask("density", "below 0.6 of it", [](double value, double r) { return value < 0.6 * r; });
  questions.ask("recall", "below a tenth", [](double value, double r) { return value < r / 10; });
  questions.ask("coverage", "below a tenth", [](double value, double r) { return value < r / 10; });
  questions.ask("different_bins", "higher by 0.2", [](double value, double r) { return value > r + 0.2; });
  questions.ask("parzen_log_likelihood", "lower by 100", [](double value, double r) { return value < r - 100; });
  questions.ask("nearest_training_distance", "higher by half", [](double value, double r) { return value > 1.5 * r; });
  questions.ask("bright_border_pixels", "higher by 10", [](double value, double r) { return value > r + 10; });
}

/// One Gaussian around 0, and points drawn from it: the mean of log N is known for each point.
void check_gaussian_window(std::vector<SelfTestCheck>& checks, const KernelSelection& kernels) {
  constexpr int kDimension = 784, kPoints = 500;
  const double sigma = parzen_sigmas()[3];
  Uniform uniform;
  const std::vector<float> zero(kDimension);
  std::vector<float> points, doubled;
  double expected = 0;
  for (int i = 0; i < kPoints * kDimension; ++i) {
    points.push_back(static_cast<float>(sigma * uniform.next_normal()));
    doubled.push_back(2 * points.back());
    expected -= static_cast<double>(points.back()) * points.back() / (2 * sigma * sigma) / kPoints;
  }
  expected -= kDimension * std::log(sigma * std::sqrt(2 * std::numbers::pi));
  const PairwiseDistances distances(kernels);
  const auto mean_of = [&](const std::vector<float>& images, double width) {
    double mean = 0;
    for (const double value : parzen_log_likelihoods(distances, distances.upload({images, kDimension}),
                                                     distances.upload({zero, kDimension}), {width})) {
      mean += value / kPoints;
    }
    return mean;
  };
  const double found = mean_of(points, sigma), shifted = mean_of(doubled, 2 * sigma);
  const double shift = kDimension * std::numbers::ln2;
  checks.push_back({"points of a Gaussian", "parzen_log_likelihood", found, expected, "the closed form, within 0.01",
                    std::abs(found - expected) < 0.01});
  checks.push_back({"the same, scaled by 2", "parzen_log_likelihood", shifted, expected - shift,
                    "784 ln 2 less, within 0.01", std::abs(shifted - (expected - shift)) < 0.01});
}

}  // namespace

double self_test_work(const ImageSet& train, const ImageSet& test, QualitySettings settings) {
  constexpr int kSets = 4;  // of samples, each as large as the test images allow
  settings.metrics = {all_metrics().begin(), all_metrics().end()};
  const QualityWork work(settings, train, test);
  return work.preparation() + work.real() + kSets * work.samples();
}

std::vector<SelfTestCheck> quality_self_test(const ImageSet& train, const ImageSet& test, const Classify& classify,
                                             QualitySettings settings) {
  settings.metrics = {all_metrics().begin(), all_metrics().end()};
  const Material material = material_of(train, test, settings.samples);
  const ClassLabels classes(train.labels);
  const int left_out = largest_class(material.labels);
  const QualityMeter meter(train, test, classify, settings);
  std::vector<SelfTestCheck> checks;
  const Quality real = meter.measure_real();
  ask_about_real({"test images", real, real, checks});
  const Quality missing = meter.measure(without_class(material, left_out));
  ask_about_missing_class({"without class " + std::to_string(left_out), missing, real, checks}, missing, real, left_out,
                          static_cast<std::size_t>(classes.class_of(static_cast<std::uint8_t>(left_out))));
  const Quality duplicates = meter.measure(with_duplicates(material));
  const double planted = (material.count - 1.0) / kPlantEvery;
  Questions("1 in 20 a copy of another", duplicates, real, checks)
      .ask("duplicate_pairs", "higher by 0.8 of the copies",
           [=](double value, double r) { return value > r + 0.8 * std::floor(planted); });
  const Quality copied = meter.measure(with_training_images(material));
  Questions("1 in 20 a training image", copied, real, checks)
      .ask("copied_share", "higher by 0.04", [](double value, double r) { return value > r + 0.04; });
  const Quality of_noise = meter.measure(noise(material));
  ask_about_noise({"uniform noise", of_noise, real, checks});
  check_gaussian_window(checks, settings.kernels);
  return checks;
}

}  // namespace duel

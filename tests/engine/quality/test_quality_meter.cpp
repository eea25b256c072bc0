// All figures together, and whether they notice planted faults, on made-up images with a stand-in for the classifier.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/quality/class_histogram.h"
#include "engine/quality/nearest_images.h"
#include "engine/quality/self_test.h"
#include "tests/engine/quality/made_up.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

constexpr int kTrain = 900, kTest = 300;

QualitySettings small() {
  QualitySettings settings;
  settings.samples = kTest;
  return settings;
}

TEST_CASE("quality: real images in the samples' place measure what the floor says") {
  ImageSet train = band_images(kTrain, 1), test = band_images(kTest, 2);
  const QualityMeter meter(train, test, classify_bands, small());
  const Quality real = meter.measure_real(), same = meter.measure(network_pixels(test), test.labels);
  for (const FigureInfo& info : figure_infos()) {
    INFO(info.key);
    REQUIRE(real.figures.contains(info.key));
    CHECK(std::isfinite(real.figures.at(info.key)));
    if (info.metric != Metric::parzen) CHECK(same.figures.at(info.key) == real.figures.at(info.key));
  }
  CHECK(real.class_shares == same.class_shares);
  CHECK(real.figures.at("classes_found") == kBands);
  CHECK(real.figures.at("class_divergence") ==
        class_divergence(real.class_shares, std::vector<double>(kBands, 1.0 / kBands)));
  CHECK(real.figures.at("inception_score") > 2.9);
  CHECK(std::abs(real.figures.at("copied_share") - 0.01) < 0.005);
  // Training images as samples are all copies, and the window around them is that of the floor.
  const auto train_pixels = network_pixels(train);
  const Quality copies = meter.measure(std::span(train_pixels).first(kTest * kBandsPixels));
  CHECK(copies.figures.at("copied_share") == 1);
  CHECK(copies.figures.at("nearest_training_distance") == 0);
  CHECK(copies.figures.at("parzen_log_likelihood") == real.figures.at("parzen_log_likelihood"));
  CHECK(copies.figures.at("precision") == 1);
  CHECK(copies.figures.at("recall") == 1);
}

TEST_CASE("quality: copies are seen where test images are training images, and training images of each other") {
  ImageSet train = band_images(kTrain, 1), test = band_images(kTest, 2);
  std::copy_n(train.pixels.begin(), kBandsPixels * kTest / 20, test.pixels.begin());  // far more than the rare 1 %
  std::copy_n(train.pixels.begin(), kBandsPixels * 30, train.pixels.begin() + kBandsPixels * 30);  // 30 are there twice
  QualitySettings settings = small();
  settings.metrics = {Metric::nearest_training, Metric::duplicates};
  const QualityMeter meter(train, test, classify_bands, settings);
  const Quality real = meter.measure_real();
  CHECK(real.figures.at("exact_copies") == 0.05);
  CHECK(real.figures.at("copied_share") > 0.05);
  CHECK(real.figures.at("copied_share") < 0.08);
  CHECK(meter.duplicate_threshold() > copy_distance(kBandsPixels));

  // A generator that draws one training image again and again, but for less than a byte tells.
  std::vector<float> copies, others = network_pixels(band_images(kTest, 3));
  const auto image = network_pixels(train);
  for (int i = 0; i < kTest; ++i) {
    for (int pixel = 0; pixel < kBandsPixels; ++pixel) {
      copies.push_back(image[static_cast<std::size_t>(pixel)] + (i % 2 == 0 ? 0.f : 0.9f / 255.f));
    }
  }
  const Quality copied = meter.measure(copies), other = meter.measure(others);
  CHECK(copied.figures.at("exact_copies") == 1);
  CHECK(copied.figures.at("copied_share") == 1);
  CHECK(copied.figures.at("duplicate_pairs") == kTest * (kTest - 1) / 2);
  CHECK(other.figures.at("exact_copies") == 0);
  CHECK(other.figures.at("copied_share") < 0.04);
}

TEST_CASE("quality: a sample counts as confirmed where it is of the class that was asked for") {
  ImageSet train = band_images(kTrain, 1), test = band_images(kTest, 2);
  QualitySettings settings = small();
  settings.metrics = {Metric::classes, Metric::frechet_distance};
  const QualityMeter meter(train, test, classify_bands, settings);
  CHECK(meter.measure_real().figures.at("confirmed_classes") == 1);
  const auto samples = network_pixels(test);
  std::vector<std::uint8_t> wrong = test.labels;
  for (int i = 0; i < kTest / 4; ++i) wrong[i] = static_cast<std::uint8_t>((wrong[i] + 1) % 3);
  const Quality mixed = meter.measure(samples, wrong), right = meter.measure(samples, test.labels);
  CHECK(mixed.figures.at("confirmed_classes") == 0.75);
  CHECK(mixed.figures.at("frechet_distance") == right.figures.at("frechet_distance"));
  CHECK(mixed.figures.at("frechet_within_classes") > 2 * right.figures.at("frechet_within_classes"));
  CHECK_FALSE(meter.measure(samples).figures.contains("confirmed_classes"));
  CHECK_THROWS_AS(meter.measure(samples, std::span(wrong).first(5)), std::invalid_argument);
  test.labels.clear();
  const QualityMeter unlabelled(train, test, classify_bands, settings);
  CHECK_FALSE(unlabelled.measure(samples, wrong).figures.contains("confirmed_classes"));
}

TEST_CASE("quality: only what was asked for is measured, and the classifier only where it is needed") {
  QualitySettings settings = small();
  settings.metrics = {Metric::border, Metric::duplicates};
  const Classify refuse = [](std::span<const float>) -> ClassifierOutput { throw std::logic_error("asked"); };
  const QualityMeter meter(band_images(kTrain, 1), band_images(kTest, 2), refuse, settings);
  const Quality quality = meter.measure(network_pixels(band_images(100, 3)));
  CHECK(quality.figures.size() == 2);
  CHECK(quality.figures.contains("bright_border_pixels"));
  CHECK(quality.figures.contains("duplicate_pairs"));
  CHECK(meter.duplicate_threshold() > 0);
}

TEST_CASE("quality: samples that are no images are refused") {
  QualitySettings settings = small();
  settings.metrics = {Metric::border};
  const QualityMeter meter(band_images(kTrain, 1), band_images(kTest, 2), classify_bands, settings);
  std::vector<float> samples = network_pixels(band_images(20, 3));
  CHECK_NOTHROW(meter.measure(samples));
  samples[7] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_AS(meter.measure(samples), std::invalid_argument);
  samples[7] = 0;
  CHECK_THROWS_AS(meter.measure(std::span(samples).first(samples.size() - 1)), std::invalid_argument);
  CHECK_THROWS_AS(meter.measure(std::span(samples).first(9 * kBandsPixels)), std::invalid_argument);
  ImageSet other = band_images(kTest, 2);
  other.height = 27;
  other.width = 3;
  CHECK_THROWS_AS(QualityMeter(band_images(kTrain, 1), other, classify_bands, settings), DataError);
  CHECK_THROWS_AS(QualityMeter(band_images(59, 1), band_images(kTest, 2), classify_bands, settings), DataError);
}

TEST_CASE("self-test: notices every planted fault") {
  const auto checks = quality_self_test(band_images(2000, 1), band_images(900, 2), classify_bands, small());
  CHECK(checks.size() >= 20);
  for (const SelfTestCheck& check : checks) {
    INFO(check.images << ", " << check.figure << ": found " << check.value << ", real " << check.real);
    CHECK(check.noticed);
  }
}

// A classifier that sees nothing: every metric on its features and opinions must fail its questions.
TEST_CASE("self-test: a blind classifier is noticed") {
  const Classify blind = [](std::span<const float> images) {
    const int count = static_cast<int>(images.size()) / kBandsPixels;
    ClassifierOutput output{count, 2, kBands, {}, {}};
    for (int i = 0; i < count; ++i) {
      output.features.insert(output.features.end(), {1.f, 2.f});
      output.probabilities.insert(output.probabilities.end(), {0.4f, 0.3f, 0.3f});
    }
    return output;
  };
  const auto checks = quality_self_test(band_images(2000, 1), band_images(900, 2), blind, small());
  for (const SelfTestCheck& check : checks) {
    const bool is_of_classifier = check.figure == "frechet_distance" || check.figure == "inception_score" ||
                                  check.figure == "class_entropy" || check.figure.starts_with("share of class");
    INFO(check.images << ", " << check.figure);
    if (is_of_classifier) CHECK(!check.noticed);
  }
}

TEST_CASE("self-test: sets without labels, with one class, or too small are refused") {
  const ImageSet train = band_images(2000, 1);
  ImageSet test = band_images(900, 2);
  test.labels.clear();
  CHECK_THROWS_AS(quality_self_test(train, test, classify_bands, small()), DataError);
  test.labels.assign(900, 1);
  CHECK_THROWS_AS(quality_self_test(train, test, classify_bands, small()), DataError);
  CHECK_THROWS_AS(quality_self_test(train, band_images(99, 2), classify_bands, small()), DataError);
}

}  // namespace

// What `evaluate` finds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/data/found_images.h"
#include "app/settings/downloads.h"
#include "app/settings/evaluate_options.h"
#include "engine/quality/classifier.h"
#include "engine/quality/quality_meter.h"
#include "kernels/runtime/device.h"

namespace duel::app {

/// A figure over several seeds or checkpoints: the range is that of the values, not a confidence interval.
struct Spread {
  std::vector<double> values;
  double mean = 0, least = 0, most = 0;
};
Spread spread_of(std::vector<double> values);

struct EvaluatedCheckpoint {
  std::string file;
  bool is_averaged = false;                ///< its averaged weights were judged
  std::optional<bool> saw_data;            ///< it was trained on the data's training images, as far as it tells
  std::vector<Quality> by_seed;            ///< one for each sampling seed
  std::vector<double> generation_seconds;  ///< of each seed's samples

  /// Of one figure over the sampling seeds.
  Spread spread(const std::string& key) const;
  double mean_class_share(std::size_t class_number) const;
};

struct EvaluateResult {
  DeviceChoice device;
  EvaluateOptions options;
  std::string data;                          ///< folder
  const Download* dataset = nullptr;         ///< that the images are; nullptr: none that the program knows
  std::optional<ClassifierInfo> classifier;  ///< where one was needed
  ClassNames classes;                        ///< that it tells apart, as people call them; none without a classifier
  double duplicate_threshold = 0;
  Quality real;  ///< what real images measure in the samples' place
  std::vector<EvaluatedCheckpoint> checkpoints;

  /// Of the checkpoints' means of one figure.
  Spread spread_over_checkpoints(const std::string& key) const;
  /// The dataset's anchors of what was measured.
  std::vector<std::string> context() const;
};

}  // namespace duel::app

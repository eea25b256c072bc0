// Who judges samples: a classifier of the images, or, of a stack, one of its channels.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "app/data/found_images.h"
#include "app/settings/evaluate_options.h"
#include "engine/io/idx.h"
#include "engine/quality/classifier.h"

namespace duel::app {

class SampleJudge {
 public:
  /// Of images with labels, or channel labels. Throws as Classifier::obtain(); DataError for a stack of too many
  /// classes.
  SampleJudge(const EvaluateOptions& options, const ImageSet& train, const ImageSet& test,
              const KernelSelection& kernels);

  /// As Classifier::classify(); of a stack combinations are the classes (engine/quality/channel_classes.h).
  ClassifierOutput judge(std::span<const float> images) const;
  const ClassifierInfo& info() const { return classifier_.info(); }
  /// How frequent the data's classes are.
  std::vector<double> class_shares() const;
  /// What they are called where `names` are those of labels: "shirt"; of a stack "3 0 7".
  ClassNames class_names(const ClassNames& names) const;

 private:
  int stacked_channels_;  ///< that are judged by themselves; 1 where the image is judged as a whole
  Classifier classifier_;
};

}  // namespace duel::app

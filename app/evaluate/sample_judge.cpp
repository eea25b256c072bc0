#include "app/evaluate/sample_judge.h"

#include <iostream>

#include "app/data/dataset_file.h"
#include "engine/data/class_labels.h"
#include "engine/data/image_stack.h"
#include "engine/quality/channel_classes.h"

namespace duel::app {
namespace {

/// Channels that the classifier of a stack learns from, and those that test it: as many as MNIST has digits.
constexpr int kMostTrained = 60'000, kMostTested = 10'000;

Classifier obtain(const EvaluateOptions& options, const ImageSet& train, const ImageSet& test,
                  const KernelSelection& kernels) {
  const std::filesystem::path cache =
      options.classifier_cache.empty() ? default_classifier_cache() : options.classifier_cache;
  return Classifier::obtain(train, test, cache, kernels,
                            [](const std::string& text) { std::cerr << "classifier: " << text << "\n"; });
}

Classifier obtain_of_channels(const EvaluateOptions& options, const ImageSet& train, const ImageSet& test,
                              const KernelSelection& kernels) {
  const int classes = ClassLabels(train.channel_labels).count();
  if (classes > kMostStackedClasses) {
    throw DataError("expected channels of at most " + std::to_string(kMostStackedClasses) + " classes, found " +
                    std::to_string(classes) + "; data stack makes such datasets");
  }
  return obtain(options, channels_of(train, kMostTrained), channels_of(test, kMostTested), kernels);
}

}  // namespace

SampleJudge::SampleJudge(const EvaluateOptions& options, const ImageSet& train, const ImageSet& test,
                         const KernelSelection& kernels)
    : stacked_channels_(is_stack(train) ? train.channels : 1),
      classifier_(is_stack(train) ? obtain_of_channels(options, train, test, kernels)
                                  : obtain(options, train, test, kernels)) {}

ClassifierOutput SampleJudge::judge(std::span<const float> images) const {
  // The channels of an image stand one after another, as images do.
  ClassifierOutput output = classifier_.classify(images);
  return stacked_channels_ == 1 ? output : combined_channels(output, stacked_channels_);
}

std::vector<double> SampleJudge::class_shares() const {
  return combined_shares(info().shares, stacked_channels_);
}

ClassNames SampleJudge::class_names(const ClassNames& names) const {
  const ClassNames of_labels = names_of_labels(names, info().labels);
  std::vector<std::string> combined = {""};
  for (int c = 0; c < stacked_channels_; ++c) {
    std::vector<std::string> longer;
    for (const std::string& before : combined) {
      for (const auto& [label, name] : of_labels) longer.push_back(before.empty() ? name : before + " " + name);
    }
    combined = std::move(longer);
  }
  if (stacked_channels_ == 1) return of_labels;
  ClassNames classes;
  for (const std::string& name : combined) classes.emplace(static_cast<int>(classes.size()), name);
  return classes;
}

}  // namespace duel::app

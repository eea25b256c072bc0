#include "app/training/class_counter.h"

#include <iostream>
#include <memory>
#include <optional>

#include "app/data/dataset_file.h"
#include "app/settings/training_program.h"
#include "engine/data/float_images.h"
#include "engine/quality/classifier.h"
#include "kernels/runtime/error.h"

namespace duel::app {
namespace {

// The classifier knows all training images, also where the networks see the first ones only.
std::optional<Classifier> find_classifier(const TrainOptions& options, const ImageSet& train) {
  if (options.train_images > 0) {
    TrainOptions all = options;
    all.train_images = 0;
    return find_classifier(all, read_idx_folder(options.data, Split::train));
  }
  const ImageSet test = read_idx_folder(options.data, Split::test);
  const std::filesystem::path cache = default_classifier_cache();
  if (options.on_collapse == OnCollapse::warn) return Classifier::find(train, test, cache);
  return Classifier::obtain(train, test, cache, {},
                            [](const std::string& line) { std::cerr << "classifier: " << line << "\n"; });
}

}  // namespace

ClassCounter make_class_counter(const TrainOptions& options, const Dataset& train) {
  if (options.watch_interval == 0) return {};
  const std::string none = "classes of the samples: not counted; ";
  if (train.images.labels.empty()) return {{}, none + train.why_no_labels, {}};
  try {
    std::optional<Classifier> found = find_classifier(options, train.images);
    if (!found)
      return {{},
              none + options.program->name + " evaluate trains a classifier for these images, which later runs use",
              {}};
    const auto classifier = std::make_shared<const Classifier>(std::move(*found));
    const ClassHistogram real = class_histogram(classifier->info().shares);
    const auto count = [classifier, real](const FloatImages& images) {
      const ClassifierOutput output = classifier->classify(in_range(images, ImageRange::minus_one_to_one).values);
      ClassHistogram histogram = class_histogram(Points{output.probabilities, output.classes});
      histogram.real_entropy = real.entropy;
      histogram.real_largest = real.largest;
      return histogram;
    };
    return {count, "classes of the samples: counted by classifier " + classifier->info().hash,
            names_of_labels(train.classes, classifier->info().labels)};
  } catch (const CudaError&) {
    throw;
  } catch (const std::exception& error) {  // no test images, for one: they are not needed to train
    return {{}, none + error.what(), {}};
  }
}

}  // namespace duel::app

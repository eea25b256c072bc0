// The small classifier by which samples are judged: its features and its opinion of the class stand where papers on
// photographs take an Inception network's. A perceptron, pixels -> 512 -> 256 -> classes with LeakyReLU, that the
// engine's own kernels train on the labelled training images. A network trained on the same kind of data sees what
// matters there; one trained on photographs does not. Source of the idea: S. Barratt and R. Sharma, A note on the
// inception score (2018).
//
// Figures of two classifiers cannot be compared: print info().hash beside every one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/io/idx.h"
#include "kernels/kernel_selection.h"

namespace duel {

/// Of `count` images, in their order.
struct ClassifierOutput {
  int count = 0, feature_dim = 0, classes = 0;
  std::vector<float> features;       ///< [count, feature_dim]: what the last hidden layer gives
  std::vector<float> probabilities;  ///< [count, classes]; each row sums to 1
};

struct ClassifierInfo {
  std::string hash;                    ///< of the weights, 16 hexadecimal digits: who judged
  double test_accuracy = 0;            ///< share of the test images that it names rightly
  bool was_cached = false;             ///< it was not trained now
  std::vector<std::uint8_t> labels{};  ///< that it tells apart: of each class the label in the dataset
  std::vector<double> shares{};        ///< of the training images, by class
  std::filesystem::path file;          ///< where it is kept
};

/// Called with a line for people when something takes time (an epoch of training) or went otherwise than expected (a
/// damaged file in the cache).
using ClassifierProgress = std::function<void(const std::string& line)>;

struct ClassifierRecipe;

class Classifier {
 public:
  /// The classifier of this dataset: from the cache, else trained and put there. The name of its file tells recipe and
  /// data; a file that is damaged or of something else is never used but replaced. Where the cache cannot be written
  /// (or is "": none), `progress` is told and the classifier is as good. The same data, build, device and kernels train
  /// the same bits. Throws DataError where one of the sets has no labels, the training labels are all alike, the test
  /// set has a label that the training set lacks, or sizes differ; std::runtime_error where training gives values that
  /// are not finite; CudaError.
  static Classifier obtain(const ImageSet& train, const ImageSet& test, const std::filesystem::path& cache_folder,
                           const KernelSelection& kernels = {}, const ClassifierProgress& progress = {});

  /// The same if it is in the cache, else nothing: no classifier, no wait. Throws as obtain().
  static std::optional<Classifier> find(const ImageSet& train, const ImageSet& test,
                                        const std::filesystem::path& cache_folder, const KernelSelection& kernels = {});

  /// Both by another recipe (engine/quality/classifier_training.h).
  static std::optional<Classifier> find_by(const ClassifierRecipe& recipe, const ImageSet& train, const ImageSet& test,
                                           const std::filesystem::path& cache_folder,
                                           const KernelSelection& kernels = {});
  static Classifier obtain_by(const ClassifierRecipe& recipe, const ImageSet& train, const ImageSet& test,
                              const std::filesystem::path& cache_folder, const KernelSelection& kernels = {},
                              const ClassifierProgress& progress = {});

  ~Classifier();
  Classifier(Classifier&&) noexcept;
  Classifier& operator=(Classifier&&) noexcept;

  /// images [count, pixels] in [-1, 1]. An image's row is the same bits in any company. Throws std::invalid_argument
  /// for no image or a part of one; CudaError.
  ClassifierOutput classify(std::span<const float> images) const;

  const ClassifierInfo& info() const;

 private:
  struct Impl;
  explicit Classifier(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// $XDG_CACHE_HOME/duel/classifiers, else ~/.cache/duel/classifiers; empty where neither variable is set.
std::filesystem::path default_classifier_cache();

}  // namespace duel

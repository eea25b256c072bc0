// How the classifier is trained, and how well it does.
#pragma once

#include <string>

#include "engine/configuration/config.h"
#include "engine/configuration/network_layout.h"
#include "engine/data/class_labels.h"
#include "engine/io/idx.h"
#include "engine/io/safetensors.h"
#include "engine/networks/network_state.h"
#include "engine/quality/classifier.h"

namespace duel {

/// All that decides the weights, besides the data. Whoever changes a number here, or what is computed from them, gives
/// the recipe a new name: classifiers of the old one are then never taken for those of the new.
struct ClassifierRecipe {
  const char* name = "perceptron 1";
  std::vector<int> widths{512, 256};
  int batch = 128;
  int epochs = 6;
  int least_iterations = 300;  ///< more epochs where the images are few
  /// The learning rate falls to 0, by as much in every iteration.
  Adam adam{.learning_rate = 3e-3, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8};
  std::uint64_t seed = 1;

  std::string text() const;  ///< every number, in a line
};

/// pixels -> widths -> classes.
NetworkLayout classifier_layout(const ClassifierRecipe& recipe, const ImageSet& images, int classes);

/// Trains on labelled images; the host waits for the device once an epoch. Returns the weights under PyTorch's names of
/// an nn.Sequential. Throws std::runtime_error where the loss is not finite; CudaError.
TensorFile train_classifier(const ClassifierRecipe& recipe, const NetworkLayout& layout, const ImageSet& train,
                            const ClassLabels& classes, const KernelSelection& kernels,
                            const ClassifierProgress& progress);

/// The share of the images that the network with this state names rightly.
double classifier_accuracy(const NetworkLayout& layout, const NetworkState& state, const ImageSet& images,
                           const ClassLabels& classes, const KernelSelection& kernels, StreamView stream);

}  // namespace duel

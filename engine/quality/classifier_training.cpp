#include "engine/quality/classifier_training.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <sstream>
#include <stdexcept>

#include "engine/networks/by_pieces.h"
#include "engine/networks/state_file.h"
#include "engine/quality/classifier_network.h"
#include "engine/tasks/levels.h"
#include "engine/tasks/merge_updates.h"
#include "kernels/ops/batch_inputs/batch_inputs.h"
#include "kernels/runtime/buffer.h"

namespace duel {
namespace {

/// A labelled set on the device, and batches of it.
class LabelledImages {
 public:
  LabelledImages(const ImageSet& set, const ClassLabels& classes, std::uint64_t seed, int epochs, StreamView stream)
      : count_(set.count), seed_(seed), pixels_(set.pixels, stream), labels_(classes.classes_of(set.labels), stream) {
    // One clock for each epoch: offsets say how far it is, so that no kernel needs to move a clock on.
    std::vector<TrainingClock> clocks(static_cast<std::size_t>(epochs));
    for (std::size_t epoch = 0; epoch < clocks.size(); ++epoch) clocks[epoch] = {0, epoch, 0};
    clocks_ = DeviceBuffer<TrainingClock>(clocks, stream);
  }

  int count() const { return count_; }

  /// As many images as `activations` are for, from place `first` of the epoch's order on, as the network's inputs.
  void record_batch(ImageOrder order, int epoch, int first, const ClassifierMemory& activations, TaskList& list) const {
    list.add(batch_inputs_op(),
             {.seed = seed_,
              .clock = clocks_.vector().row_range(epoch, 1),
              .images = pixels_.matrix(count_, activations.images.rows),
              .order = order,
              .offset = first,
              .real_count = activations.images.columns,
              .output = activations.images,
              .labels = labels_.vector(),
              .output_labels = activations.labels},
             "inputs");
  }

 private:
  int count_;
  std::uint64_t seed_;
  DeviceBuffer<std::uint8_t> pixels_, labels_;
  DeviceBuffer<TrainingClock> clocks_;
};

/// All memory of a training.
struct Memory {
  NetworkState state;
  ClassifierMemory activations;
  Vector<float> statistics;

  template <class Source>
  static Memory take(Source& source, const NetworkLayout& layout, int batch) {
    Memory memory;
    memory.state = NetworkState::take(source, layout);
    memory.activations = ClassifierMemory::take(source, layout, batch, Leaves::gradients);
    memory.statistics = source.template take<float>(kClassificationStatistics);
    return memory;
  }
};

std::string epoch_line(int epoch, int epochs, float loss, double seconds_left) {
  return fmt::format("training the classifier: epoch {} of {}, loss of its last batch {:.3f}, {:.0f} s left", epoch + 1,
                     epochs, loss, seconds_left);
}

}  // namespace

std::string ClassifierRecipe::text() const {
  std::ostringstream text;
  text << name << ": widths";
  for (const int width : widths) text << ' ' << width;
  text << ", batch " << batch << ", epochs " << epochs << ", iterations at least " << least_iterations << ", adam "
       << adam.learning_rate << ' ' << adam.beta1 << ' ' << adam.beta2 << ' ' << adam.eps << ", seed " << seed;
  return text.str();
}

NetworkLayout classifier_layout(const ClassifierRecipe& recipe, const ImageSet& images, int classes) {
  return perceptron_layout(images.height * images.width * images.channels, recipe.widths, classes);
}

TensorFile train_classifier(const ClassifierRecipe& recipe, const NetworkLayout& layout, const ImageSet& train,
                            const ClassLabels& classes, const KernelSelection& kernels,
                            const ClassifierProgress& progress) {
  const int batch = std::min(recipe.batch, train.count), iterations = (train.count + batch - 1) / batch;
  const int epochs = std::max(recipe.epochs, (recipe.least_iterations + iterations - 1) / iterations);
  const int epochs_in_a_line = (epochs + recipe.epochs - 1) / recipe.epochs;
  const auto take = [&](auto& source) { return Memory::take(source, layout, batch); };
  Arena arena = arena_for(take);
  const Memory memory = take(arena);
  const Stream stream;
  const LabelledImages images(train, classes, recipe.seed, epochs, stream);
  initialize(memory.state, layout, Player::classifier, recipe.seed, stream);

  const auto start = std::chrono::steady_clock::now();
  Optimizer optimizer;
  optimizer.kind = kind_of<Adam>;
  Adam& adam = optimizer;
  adam = recipe.adam;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (int i = 0; i < iterations; ++i) {
      const int first = i * batch;
      const auto activations = memory.activations.for_batch(std::min(batch, train.count - first));
      const double done = static_cast<double>(epoch * iterations + i) / (epochs * iterations);
      adam.learning_rate = recipe.adam.learning_rate * (1 - done);
      TaskList list;
      images.record_batch(ImageOrder::shuffled, epoch, first, activations, list);
      ClassifierPass{layout, memory.state, activations}.record_update(memory.statistics, optimizer, list);
      enqueue(pack(merge_updates(list, Gradients::used_up), kernels), stream);
    }
    const float loss = download(memory.statistics, stream)[kMeanCrossEntropy];
    if (!std::isfinite(loss)) throw std::runtime_error("the classifier's loss is not finite; expected it to fall");
    if (!progress || (epoch + 1) % epochs_in_a_line != 0) continue;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    progress(epoch_line(epoch, epochs, loss, seconds / (epoch + 1) * (epochs - epoch - 1)));
  }
  TensorFile file;
  append_network(file, "", layout, memory.state, NetworkPart::weights, 0, stream);
  return file;
}

double classifier_accuracy(const NetworkLayout& layout, const NetworkState& state, const ImageSet& images,
                           const ClassLabels& classes, const KernelSelection& kernels, StreamView stream) {
  const int batch = std::min(kClassifiedAtATime, images.count), batches = (images.count + batch - 1) / batch;
  const auto take = [&](auto& source) { return ClassifierMemory::take(source, layout, batch, Leaves::nothing); };
  Arena arena = arena_for(take);
  const ClassifierMemory memory = take(arena);
  const LabelledImages labelled(images, classes, 0, 1, stream);
  const DeviceBuffer<float> statistics(static_cast<std::size_t>(batches) * kClassificationStatistics);
  enqueue_by_pieces(images.count, batch, kernels, stream, [&](int first, int here, TaskList& list) {
    const auto activations = memory.for_batch(here);
    labelled.record_batch(ImageOrder::as_stored, 0, first, activations, list);
    ClassifierPass{layout, state, activations}.record_judgement(
        statistics.vector().row_range(first / batch * kClassificationStatistics, kClassificationStatistics), list);
  });
  const std::vector<float> values = statistics.download(stream);
  double correct = 0;
  for (std::size_t i = kCorrectSamples; i < values.size(); i += kClassificationStatistics) correct += values[i];
  return correct / images.count;
}

}  // namespace duel

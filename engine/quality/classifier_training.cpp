#include "engine/quality/classifier_training.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <sstream>
#include <stdexcept>

#include "engine/quality/classifier_network.h"
#include "engine/state_file.h"
#include "kernels/batch_gather/batch_gather.h"
#include "kernels/runtime/buffer.h"
#include "kernels/runtime/range.h"

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

  /// Rows [first, first + rows) of the epoch's order of images, as the network's inputs.
  void enqueue_batch(const ClassifierNetwork& network, ImageOrder order, int epoch, int first, int rows,
                     StreamView stream) const {
    const Range range("batch gather");
    network.kernels.run(batch_gather_op(),
                        {.images = pixels_.matrix(count_, network.layout.layers.front().in),
                         .seed = seed_,
                         .order = order,
                         .offset = first,
                         .clock = clocks_.vector().row_range(epoch, 1),
                         .output = network.activations.images.row_range(0, rows),
                         .labels = labels_.vector(),
                         .output_labels = network.activations.labels.row_range(0, rows)},
                        stream);
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
  ClassifierActivations activations;
  Vector<float> statistics;

  template <class Source>
  static Memory take(Source& source, const NetworkLayout& layout, int rows) {
    Memory memory;
    memory.state = NetworkState::take(source, layout);
    memory.activations = ClassifierActivations::take(source, layout, rows, true);
    memory.statistics = source.template take<float>(kClassificationStatistics);
    return memory;
  }
};

std::string epoch_line(int epoch, int epochs, float loss, double seconds_left) {
  char text[128];
  std::snprintf(text, sizeof text, "training the classifier: epoch %d of %d, loss of its last batch %.3f, %.0f s left",
                epoch + 1, epochs, static_cast<double>(loss), seconds_left);
  return text;
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
  ArenaPlan plan;
  Memory::take(plan, layout, batch);
  Arena arena(plan.bytes());
  const Memory memory = Memory::take(arena, layout, batch);
  const Stream stream;
  const LabelledImages images(train, classes, recipe.seed, epochs, stream);
  const ClassifierNetwork network{kernels, layout, memory.state, memory.activations};
  initialize(memory.state, layout, Player::classifier, recipe.seed, stream);

  const auto start = std::chrono::steady_clock::now();
  Optimizer optimizer;
  optimizer.kind = kind_of<Adam>;
  Adam& adam = optimizer;
  adam = recipe.adam;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (int i = 0; i < iterations; ++i) {
      const int first = i * batch, rows = std::min(batch, train.count - first);
      images.enqueue_batch(network, ImageOrder::shuffled, epoch, first, rows, stream);
      network.enqueue_gradients(rows, memory.statistics, stream);
      const double done = static_cast<double>(epoch * iterations + i) / (epochs * iterations);
      adam.learning_rate = recipe.adam.learning_rate * (1 - done);
      enqueue_update(kernels, memory.state, optimizer, {}, stream);
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
  constexpr int kRows = 500;
  const int rows = std::min(kRows, images.count), batches = (images.count + rows - 1) / rows;
  ArenaPlan plan;
  ClassifierActivations::take(plan, layout, rows, false);
  Arena arena(plan.bytes());
  const ClassifierNetwork network{kernels, layout, state, ClassifierActivations::take(arena, layout, rows, false)};
  const LabelledImages labelled(images, classes, 0, 1, stream);
  const DeviceBuffer<float> statistics(static_cast<std::size_t>(batches) * kClassificationStatistics);
  for (int i = 0; i < batches; ++i) {
    const int first = i * rows, here = std::min(rows, images.count - first);
    labelled.enqueue_batch(network, ImageOrder::as_stored, 0, first, here, stream);
    network.enqueue_judgement(
        here, statistics.vector().row_range(i * kClassificationStatistics, kClassificationStatistics), stream);
  }
  const std::vector<float> values = statistics.download(stream);
  double correct = 0;
  for (std::size_t i = kCorrectRows; i < values.size(); i += kClassificationStatistics) correct += values[i];
  return correct / images.count;
}

}  // namespace duel

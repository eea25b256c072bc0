// Which images an iteration takes, and that every one is used once in every epoch.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "engine/training/trainer.h"
#include "engine/training/training_step.h"
#include "kernels/device/permutation.cuh"
#include "kernels/device/random.cuh"
#include "kernels/kernel_selection.h"
#include "kernels/ops/batch_inputs/batch_inputs.h"
#include "kernels/ops/latent_normal/latent_normal.h"
#include "kernels/runtime/buffer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

using Numbers = std::vector<int>;

EpochPlan plan(int images, int batch, int steps, NetworkNorm norm = NetworkNorm::none) {
  TrainingConfig config;
  config.networks.generator_norm = norm;
  config.batch_size = batch;
  config.discriminator_steps = steps;
  return plan_epoch(config, images);
}

/// `count` images whose pixels all hold the image's number.
ImageSet numbered_images(const NetworkConfig& networks, int count) {
  ImageSet images{count, networks.image_size, networks.image_size, 1, {}, {}};
  for (int image = 0; image < count; ++image) {
    images.pixels.insert(images.pixels.end(), static_cast<std::size_t>(networks.pixels()),
                         static_cast<std::uint8_t>(image));
  }
  return images;
}

/// A training step on memory that a test can look into.
class OpenTraining {
 public:
  OpenTraining(const TrainingConfig& config, const ImageSet& images)
      : config_(config),
        layouts_(config_.networks),
        dataset_(images.pixels, stream_),
        labels_(images.labels, stream_),
        arena_(planned_device_bytes(config_, 0)),
        memory_(TrainingMemory::take(arena_, config_, layouts_)),
        step_({kernels_, config_, layouts_, memory_, dataset_.matrix(images.count, config_.networks.pixels()),
               labels_.vector()}),
        epoch_(plan_epoch(config_, images.count)) {
    initialize(memory_.generator, layouts_.generator, Player::generator, config_.seed, stream_);
    initialize(memory_.discriminator, layouts_.discriminator, Player::discriminator, config_.seed, stream_);
    check(cudaMemsetAsync(memory_.clock.data, 0, memory_.clock.bytes(), stream_.view().get()));
  }

  /// One iteration; returns its shape.
  const IterationShape& advance() {
    const bool last = iteration_++ % epoch_.iterations == epoch_.iterations - 1;
    const IterationShape& shape = last ? epoch_.last : epoch_.full;
    step_.enqueue(shape, Inputs::drawn, stream_);
    return shape;
  }

  /// The numbers of the real images of the last discriminator step.
  Numbers seen(int rows) const {
    Numbers numbers;
    for (const std::vector<float>& image : samples(memory_.activations.for_batch(rows, rows).images)) {
      if (static_cast<int>(numbers.size()) == rows) break;
      REQUIRE(image == std::vector<float>(image.size(), image[0]));
      numbers.push_back(static_cast<int>(std::lround((image[0] + 1) * 127.5f)));
    }
    return numbers;
  }

  /// The latents of the last pass [batch_size, latent_dim].
  std::vector<float> latents() const {
    std::vector<float> all;
    for (const std::vector<float>& z : samples(memory_.activations.generator_input.values())) {
      all.insert(all.end(), z.begin(), z.end());
    }
    return all;
  }

  template <class T, int kRank>
  std::vector<T> download(const View<T, kRank>& view) const {
    std::vector<T> values(view.size());
    check(cudaMemcpyAsync(values.data(), view.data, view.bytes(), cudaMemcpyDeviceToHost, stream_.view().get()));
    stream_.synchronize();
    return values;
  }
  const TrainingMemory& memory() const { return memory_; }
  const Layouts& layouts() const { return layouts_; }
  const EpochPlan& epoch() const { return epoch_; }

 private:
  KernelSelection kernels_;
  TrainingConfig config_;
  Layouts layouts_;
  Stream stream_;
  DeviceBuffer<std::uint8_t> dataset_, labels_;
  Arena arena_;
  TrainingMemory memory_;
  TrainingStep step_;
  // The samples of a tensor: its columns.
  std::vector<std::vector<float>> samples(const Matrix<float>& matrix) const {
    const std::vector<float> values = download(matrix);
    const auto columns = static_cast<std::size_t>(matrix.columns);
    std::vector<std::vector<float>> result(columns);
    for (std::size_t i = 0; i < values.size(); ++i) result[i % columns].push_back(values[i]);
    return result;
  }

  EpochPlan epoch_;
  std::int64_t iteration_ = 0;
};

/// The latents [rows, latent_dim] of one pass of an iteration.
std::vector<float> latents_of(const TrainingConfig& config, std::int64_t iteration, std::uint32_t draw, int rows) {
  const int latent_dim = config.networks.latent_dim;
  const Stream stream;
  const TrainingClock now{static_cast<std::uint64_t>(iteration), 0, 0};
  const DeviceBuffer<TrainingClock> clock(std::span(&now, 1), stream);
  const DeviceBuffer<float> latents(static_cast<std::size_t>(rows) * static_cast<std::size_t>(latent_dim));
  KernelSelection().run(
      latent_normal_op(),
      {.output = latents.matrix(rows, latent_dim), .seed = config.seed, .draw = draw, .clock = clock.vector()}, stream);
  return latents.download(stream);
}

/// The classes that the generated images of an iteration's first pass are drawn for.
std::vector<std::uint8_t> labels_of(const TrainingConfig& config, std::int64_t iteration, int rows) {
  std::vector<std::uint8_t> labels;
  for (int i = 0; config.networks.classes > 0 && i < rows; ++i) {
    const RandomWords words = draw_words(config.seed, static_cast<std::uint64_t>(iteration), kLabelDraw, 0, i / 4);
    const double share = words.word[i % 4] / 4294967296.0;
    labels.push_back(static_cast<std::uint8_t>(share * config.networks.classes));
  }
  return labels;
}

Numbers first_numbers(int count) {
  Numbers numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

}  // namespace

TEST_CASE("the plan of an epoch") {
  CHECK(plan(60000, 64, 1).iterations == 938);
  CHECK(plan(60000, 64, 1).full == IterationShape{64});
  CHECK(plan(60000, 64, 1).last == IterationShape{32});
  CHECK(plan(128, 64, 1).iterations == 2);
  CHECK(plan(128, 64, 1).last == IterationShape{64});
  CHECK(plan(10, 64, 1).iterations == 1);  // fewer images than a batch
  CHECK(plan(10, 64, 1).last == IterationShape{10});
  CHECK(plan(1, 64, 3).last == IterationShape{1});
  CHECK(plan(100, 16, 3).iterations == 3);
  CHECK(plan(100, 16, 3).full == IterationShape{16, 16, 16});
  CHECK(plan(100, 16, 3).last == IterationShape{4});  // one step is enough for them
  CHECK(plan(90, 16, 3).last == IterationShape{16, 16, 10});
}

TEST_CASE("under batch norm an epoch leaves out an image that would be a batch of its own") {
  constexpr auto kNorm = NetworkNorm::batch;
  CHECK(plan(65, 64, 1, kNorm).images == 64);
  CHECK(plan(65, 64, 1, kNorm).iterations == 1);
  CHECK(plan(65, 64, 1, kNorm).last == IterationShape{64});
  CHECK(plan(66, 64, 1, kNorm).last == IterationShape{2});
  CHECK(plan(29, 4, 3, kNorm).images == 28);
  CHECK(plan(29, 4, 3, kNorm).last == IterationShape{4});
  CHECK(plan(25, 4, 3, kNorm).iterations == 2);
  CHECK(plan(65, 64, 1).images == 65);
  TrainingConfig one_hidden_layer;  // has no batch norm, whatever it asks for
  one_hidden_layer.networks.generator_widths = {8};
  CHECK(plan_epoch(one_hidden_layer, 65).last == IterationShape{1});
  CHECK_THROWS_AS(plan(1, 64, 1, kNorm), std::invalid_argument);
  for (const int batch : {2, 3, 16}) {
    for (int images = 2; images <= 100; ++images) {
      const EpochPlan epoch = plan(images, batch, 2, kNorm);
      CAPTURE(batch, images);
      REQUIRE(epoch.last.back() > 1);
      REQUIRE(epoch.images == (images % batch == 1 ? images - 1 : images));
    }
  }
}

TEST_CASE("an image that an epoch leaves out is another one each time") {
  TrainingConfig config = tiny_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  constexpr int kCount = 9;  // batches of 4
  OpenTraining training(config, numbered_images(config.networks, kCount));
  REQUIRE(training.epoch().iterations == 2);
  std::vector<bool> is_left_out(kCount);
  for (int epoch = 0; epoch < 8; ++epoch) {
    Numbers left = first_numbers(kCount);
    for (int i = 0; i < 2; ++i) {
      for (const int number : training.seen(training.advance().front())) std::erase(left, number);
    }
    REQUIRE(left.size() == 1);
    is_left_out[static_cast<std::size_t>(left[0])] = true;
    const TrainingClock clock = training.download(training.memory().clock)[0];
    CHECK((clock.epoch == static_cast<std::uint64_t>(epoch + 1) && clock.first_image == 0));
  }
  CHECK(std::count(is_left_out.begin(), is_left_out.end(), true) > 2);
}

TEST_CASE("the plan of an epoch uses every image once") {
  for (const int batch : {2, 3, 16, 64}) {
    for (const int steps : {1, 2, 3}) {
      for (int images = 1; images <= 200; ++images) {
        const EpochPlan epoch = plan(images, batch, steps);
        CAPTURE(batch, steps, images);
        REQUIRE(epoch.full == IterationShape(static_cast<std::size_t>(steps), batch));
        REQUIRE(!epoch.last.empty());
        REQUIRE(epoch.last.size() <= epoch.full.size());
        const auto partial =
            std::count_if(epoch.last.begin(), epoch.last.end(), [&](int rows) { return rows != batch; });
        REQUIRE(partial <= 1);
        REQUIRE((epoch.last.back() > 0 && epoch.last.back() <= batch));
        const int left = std::accumulate(epoch.last.begin(), epoch.last.end(), 0);
        REQUIRE((epoch.iterations - 1) * batch * steps + left == images);
      }
    }
  }
}

TEST_CASE("every image of an epoch is used exactly once, in an order of its own") {
  TrainingConfig config = tiny_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  const int count = GENERATE(8, 19, 3);  // batches of 4
  OpenTraining training(config, numbered_images(config.networks, count));
  std::vector<Numbers> orders;
  for (int epoch = 0; epoch < 4; ++epoch) {
    Numbers order;
    for (std::int64_t i = 0; i < training.epoch().iterations; ++i) {
      const Numbers seen = training.seen(training.advance().front());
      order.insert(order.end(), seen.begin(), seen.end());
    }
    Numbers sorted = order;
    std::sort(sorted.begin(), sorted.end());
    CHECK(sorted == first_numbers(count));
    orders.push_back(order);
    const TrainingClock clock = training.download(training.memory().clock)[0];
    CHECK(clock.epoch == static_cast<std::uint64_t>(epoch + 1));
    CHECK(clock.first_image == 0);
    CHECK(clock.iteration == static_cast<std::uint64_t>((epoch + 1) * training.epoch().iterations));
  }
  if (count < 8) return;  // few images may come in the same order twice
  std::sort(orders.begin(), orders.end());
  CHECK(std::unique(orders.begin(), orders.end()) == orders.end());
}

TEST_CASE("several discriminator steps take images one after another from the epoch's order") {
  TrainingConfig config = tiny_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.discriminator_steps = 3;
  config.seed = 9;
  config.networks.generator_norm = NetworkNorm::none;
  constexpr int kCount = 29;  // 12, 12, 5 in steps of 4 and 1
  OpenTraining training(config, numbered_images(config.networks, kCount));
  REQUIRE(training.epoch().last == IterationShape{4, 1});
  for (int i = 0; i < 9; ++i) {
    CAPTURE(i);
    const IterationShape shape = training.advance();
    const int rows = shape.back(), begin = i % 3 * 12 + 4 * static_cast<int>(shape.size() - 1);
    Numbers expected;
    for (int position = begin; position < begin + rows; ++position) {
      expected.push_back(static_cast<int>(permuted_index(static_cast<std::uint64_t>(position), kCount, config.seed,
                                                         static_cast<std::uint64_t>(i / 3))));
    }
    CHECK(training.seen(rows) == expected);
  }
}

TEST_CASE("every pass of an iteration has latents of its own") {
  TrainingConfig config = tiny_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.seed = 21;
  config.discriminator_steps = 3;
  config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  OpenTraining training(config, numbered_images(config.networks, 12));
  for (int i = 0; i < 3; ++i) {
    training.advance();
    const bool shared = config.order == UpdateOrder::generator_first;
    const std::uint32_t last_draw = shared ? 2 : 3;
    CHECK(training.latents() == latents_of(config, i, last_draw, config.batch_size));
    CHECK(latents_of(config, i, last_draw, 4) != latents_of(config, i, last_draw - 1, 4));
    CHECK(latents_of(config, i, last_draw, 4) != latents_of(config, i + 1, last_draw, 4));
  }
}

TEST_CASE("both networks read the classes of the images that D judges, and generated ones are of any") {
  TrainingConfig config = tiny_config();
  config.networks.classes = 3;
  ImageSet images = numbered_images(config.networks, 12);
  for (int image = 0; image < images.count; ++image)
    images.labels.push_back(static_cast<std::uint8_t>(image * image % 3));
  OpenTraining training(config, images);
  std::map<std::uint8_t, int> drawn;
  std::set<std::vector<std::uint8_t>> batches;
  for (int i = 0; i < 60; ++i) {
    const int rows = training.advance().back();
    const Numbers numbers = training.seen(rows);
    const GanMemory memory = training.memory().activations.for_batch(rows, rows);
    const auto labels = training.download(memory.generated_labels);
    for (const std::uint8_t label : labels) ++drawn[label];
    batches.insert(labels);
    const auto of_generator = training.download(memory.generator_input.class_rows());
    const auto of_discriminator = training.download(memory.discriminator_input.class_rows());
    for (int k = 0; k < 3; ++k) {
      for (int c = 0; c < rows; ++c) {
        const float is_generated = labels[c] == k ? 1.f : 0.f, is_real = numbers[c] * numbers[c] % 3 == k ? 1.f : 0.f;
        REQUIRE(of_generator[k * rows + c] == is_generated);
        REQUIRE(of_discriminator[k * 2 * rows + c] == is_real);
        REQUIRE(of_discriminator[k * 2 * rows + rows + c] == is_generated);
      }
    }
  }
  CHECK(batches.size() > 40);  // of 81
  REQUIRE(drawn.size() == 3);
  for (const auto& [label, count] : drawn) CHECK(std::abs(count - 80) < 30);  // four standard deviations
}

TEST_CASE("the padding between tensors stays zero") {
  TrainingConfig config = tiny_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  OpenTraining training(config, numbered_images(config.networks, 19));
  for (int i = 0; i < 10; ++i) training.advance();
  const NetworkState& state = training.memory().generator;
  for (const auto& array : {state.parameters, state.gradients, state.optimizer_state[0], state.optimizer_state[1]}) {
    std::vector<float> values = training.download(array);
    for (const TensorSlot* slot : training.layouts().generator.parameter_slots()) {
      std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(slot->offset), slot->size(), 0.f);
    }
    CHECK(values == std::vector<float>(values.size(), 0.f));
  }
}

TEST_CASE("a run is the sequence of given iterations on the latents, images and classes that it draws") {
  TrainingConfig config = small_config();
  config.networks.classes = GENERATE(0, 3);
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.seed = 3;
  const int count = GENERATE(40, 32, 5);  // batches of 16: 16 16 8; 16 16; 5
  const ImageSet images = striped_images(config.networks, count);
  const int pixels = config.networks.pixels();
  Trainer drawn(config, images), given(config, images);
  const EpochPlan epoch = plan_epoch(config, count);
  for (std::int64_t i = 0; i < 7; ++i) {
    const bool last = i % epoch.iterations == epoch.iterations - 1;
    const int rows = (last ? epoch.last : epoch.full)[0];
    std::vector<float> x;
    std::vector<std::uint8_t> real_labels;
    for (int row = 0; row < rows; ++row) {
      const auto position = static_cast<std::uint64_t>(i % epoch.iterations * config.batch_size + row);
      const auto image = permuted_index(position, static_cast<std::uint64_t>(count), config.seed,
                                        static_cast<std::uint64_t>(i / epoch.iterations));
      if (config.networks.classes > 0) real_labels.push_back(images.labels[image]);
      for (int pixel = 0; pixel < pixels; ++pixel) {
        const float byte = images.pixels[image * static_cast<std::size_t>(pixels) + static_cast<std::size_t>(pixel)];
        x.push_back((byte / 255.f - 0.5f) / 0.5f);
      }
    }
    given.run_given({latents_of(config, i, 0, rows), x, real_labels, labels_of(config, i, rows)});
  }
  drawn.run(7);
  CHECK(first_difference(drawn.state(), given.state()) == "");
}

TEST_CASE("a trainer of fewer images than a batch has a graph all the same") {
  const TrainingConfig config = tiny_config();
  Trainer few(config, striped_images(config.networks, 3)), many(config, striped_images(config.networks, 8));
  CHECK(few.iterations_per_epoch() == 1);
  CHECK(few.kernels_per_iteration() == many.kernels_per_iteration());
  CHECK(few.kernels_per_iteration() > 5);
}

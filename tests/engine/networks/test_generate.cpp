// Pictures from a trainer and from a checkpoint.
#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "engine/networks/generator.h"
#include "engine/training/convergence.h"
#include "engine/training/trainer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

std::vector<float> rows_of(const std::vector<float>& values, int first, int count, int columns) {
  return {values.begin() + first * columns, values.begin() + (first + count) * columns};
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    REQUIRE((std::isfinite(a[i]) && std::isfinite(b[i])));
    largest = std::max(largest, static_cast<double>(std::abs(a[i] - b[i])));
  }
  return largest;
}

}  // namespace

TEST_CASE("generating is repeatable and changes nothing") {
  const TrainingConfig config = small_config();
  const ImageSet images = striped_images(config.networks, 40);
  Trainer trainer(config, images), undisturbed(config, images);
  trainer.run(5);
  undisturbed.run(5);
  const std::vector<float> latents = draw_latents(20, config.networks, 7);
  for (const BatchStatistics statistics : {BatchStatistics::batch, BatchStatistics::running}) {
    const FloatImages first = trainer.generate(latents, statistics);
    CHECK((first.count == 20 && first.channels == 1 && first.height == 8 && first.width == 8));
    REQUIRE(first.values.size() == 20 * 64);
    CHECK(std::all_of(first.values.begin(), first.values.end(), [](float x) { return x >= -1 && x <= 1; }));
    CHECK(first.values == trainer.generate(latents, statistics).values);
  }
  CHECK(first_difference(trainer.state(), undisturbed.state()) == "");
  CHECK(trainer.last_generated(16).values == undisturbed.last_generated(16).values);
  trainer.run(5);
  undisturbed.run(5);
  CHECK(first_difference(trainer.state(), undisturbed.state()) == "");
}

TEST_CASE("with running statistics images do not depend on their neighbours, with the batch's they do") {
  const TrainingConfig config = small_config();
  Trainer trainer(config, striped_images(config.networks, 40));
  trainer.run(3);
  const int latent_dim = config.networks.latent_dim, count = 300;  // more than are generated at a time
  const std::vector<float> latents = draw_latents(count, config.networks, 7);
  const std::vector<float> all = trainer.generate(latents, BatchStatistics::running).values;
  for (const int first : {0, 7, 255, 256, 299}) {
    const auto alone = trainer.generate(rows_of(latents, first, 1, latent_dim), BatchStatistics::running);
    CHECK(alone.values == rows_of(all, first, 1, 64));
  }
  const std::vector<float> batch = trainer.generate(latents, BatchStatistics::batch).values;
  const auto part = trainer.generate(rows_of(latents, 0, 10, latent_dim), BatchStatistics::batch);
  CHECK(part.values != rows_of(batch, 0, 10, 64));
  CHECK(batch != all);
}

TEST_CASE("running statistics that are the batch's give the batch's images") {
  TrainingConfig config = small_config();
  config.networks.batch_norm_momentum = 1;  // they forget all others
  config.optimizer.Adam::learning_rate = 0;
  Trainer trainer(config, striped_images(config.networks, 40));
  std::mt19937_64 random(1);
  const GivenBatch batch = random_batch(config.networks, 16, random);
  trainer.run_given(batch.inputs());
  TensorFile state = trainer.state();
  for (const char* name : {"generator.model.3.running_var", "generator.model.6.running_var"}) {
    std::vector<float> variance = floats_of(state, name);  // unbiased
    for (float& value : variance) value *= 15.f / 16.f;
    set_values(state, name, variance);
  }
  trainer.load_state(state);
  const auto running = trainer.generate(batch.latents, BatchStatistics::running).values;
  const auto of_batch = trainer.generate(batch.latents, BatchStatistics::batch).values;
  CHECK(largest_difference(running, of_batch) < 64 * 0x1p-24);  // a few roundings of values of about 1
  CHECK(largest_difference(running, of_batch) >= 0);
}

TEST_CASE("the last generated images are those that the discriminator saw last") {
  TrainingConfig config = small_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.optimizer.Adam::learning_rate = 0;  // so that the generator can make them again
  config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  config.discriminator_steps = GENERATE(1, 2);
  Trainer trainer(config, striped_images(config.networks, 40));
  CHECK_THROWS_AS(trainer.last_generated(1), std::invalid_argument);
  std::mt19937_64 random(1);
  for (const int rows : {16, 7}) {
    const GivenBatch batch = random_batch(config.networks, rows, random);
    trainer.run_given(batch.inputs());
    const std::vector<float> expected = trainer.generate(batch.latents, BatchStatistics::batch).values;
    CHECK(trainer.last_generated(rows).values == expected);  // by the same kernels
    CHECK(trainer.last_generated(3).values == rows_of(expected, 0, 3, 64));
    CHECK_THROWS_AS(trainer.last_generated(rows + 1), std::invalid_argument);
    CHECK_THROWS_AS(trainer.last_generated(0), std::invalid_argument);
    CHECK_THROWS_AS(trainer.last_generated(-1), std::invalid_argument);
  }
  trainer.load_state(trainer.state());
  CHECK_THROWS_AS(trainer.last_generated(1), std::invalid_argument);
}

TEST_CASE("the last generated images of a smaller last batch") {
  TrainingConfig config = small_config();
  config.discriminator_steps = 2;
  config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  Trainer trainer(config, striped_images(config.networks, 32 + 20));  // steps of 16, 16; 16, 4
  trainer.run(2);
  const int there = config.order == UpdateOrder::generator_first ? 4 : 16;
  CHECK(trainer.last_generated(there).values.size() == static_cast<std::size_t>(there) * 64);
  CHECK_THROWS_AS(trainer.last_generated(there + 1), std::invalid_argument);
}

TEST_CASE("a generator from a checkpoint draws what the trainer draws") {
  const TrainingConfig config = small_config();
  Trainer trainer(config, striped_images(config.networks, 40));
  trainer.run(4);
  const TensorFile state = trainer.state();
  const Generator generator(config.networks, state);
  const std::vector<float> latents = draw_latents(30, config.networks, 1);
  for (const BatchStatistics statistics : {BatchStatistics::batch, BatchStatistics::running}) {
    CHECK(generator.generate(latents, statistics).values == trainer.generate(latents, statistics).values);
  }
  trainer.run(1);
  CHECK(generator.generate(latents, BatchStatistics::batch).values !=
        trainer.generate(latents, BatchStatistics::batch).values);
}

TEST_CASE("a generator needs the generator's weights and statistics, and nothing else") {
  const TrainingConfig config = tiny_config();
  TensorFile state = Trainer(config, striped_images(config.networks, 8)).state();
  std::erase_if(state.tensors, [](const Tensor& tensor) {
    return tensor.name.find("generator.model.") != 0;  // no moments, no discriminator, no counters
  });
  CHECK_NOTHROW(Generator(config.networks, state));
  for (std::size_t i = 0; i < state.tensors.size(); ++i) {
    TensorFile incomplete = state;
    const std::string name = incomplete.tensors[i].name;
    incomplete.tensors.erase(incomplete.tensors.begin() + static_cast<std::ptrdiff_t>(i));
    CAPTURE(name);
    try {
      const Generator generator(config.networks, incomplete);
      FAIL("expected a DataError");
    } catch (const DataError& error) {
      CHECK(std::string(error.what()).find("tensor '" + name + "' is missing") != std::string::npos);
    }
  }
  CHECK_THROWS_AS(Generator(small_config().networks, state), DataError);
}

TEST_CASE("one image has no statistics of a batch") {
  TrainingConfig config = small_config();
  const std::vector<float> one = draw_latents(1, config.networks, 7);
  const Trainer trainer(config, striped_images(config.networks, 40));
  CHECK_THROWS_AS(trainer.generate(one, BatchStatistics::batch), std::invalid_argument);
  CHECK(trainer.generate(one, BatchStatistics::running).count == 1);
  config.networks.generator_norm = NetworkNorm::none;
  const Trainer plain(config, striped_images(config.networks, 40));
  CHECK(plain.generate(one, BatchStatistics::batch).values == plain.generate(one, BatchStatistics::running).values);
}

TEST_CASE("latents come in whole rows") {
  const TrainingConfig config = tiny_config();
  const Trainer trainer(config, striped_images(config.networks, 8));
  CHECK_THROWS_AS(trainer.generate({}, BatchStatistics::batch), std::invalid_argument);
  CHECK_THROWS_AS(trainer.generate(std::vector<float>(4), BatchStatistics::running), std::invalid_argument);
  CHECK(trainer.generate(std::vector<float>(6), BatchStatistics::batch).count == 2);
}

TEST_CASE("drawn latents depend on the seed alone and are normal") {
  constexpr int kCount = 2000, kDim = 50;
  const NetworkConfig networks{.latent_dim = kDim};
  const std::vector<float> latents = draw_latents(kCount, networks, 11);
  CHECK(latents == draw_latents(kCount, networks, 11));
  CHECK(latents != draw_latents(kCount, networks, 12));
  CHECK(rows_of(latents, 0, 3, kDim) == draw_latents(3, networks, 11));
  double sum = 0, squares = 0;
  for (const float z : latents) {
    sum += z;
    squares += static_cast<double>(z) * z;
  }
  // Five standard deviations of the mean, 1 / sqrt(n), and of the mean square, sqrt(2 / n).
  const double n = kCount * kDim;
  CHECK(std::abs(sum / n) < 5 / std::sqrt(n));
  CHECK(std::abs(squares / n - 1) < 5 * std::sqrt(2 / n));
}

TEST_CASE("a discriminator judges images as the training does, one by one, and does not change") {
  TrainingConfig config = small_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  config.networks.discriminator_unit = GENERATE(DiscriminatorUnit::leaky_relu, DiscriminatorUnit::maxout);
  config.optimizer.Adam::learning_rate = 0;  // the networks after an iteration are those of it
  Trainer trainer(config, striped_images(config.networks, 16));
  std::mt19937_64 random(5);
  const GivenBatch batch = random_batch(config.networks, 16, random);
  const IterationStats stats = trainer.run_given(batch.inputs());
  const TensorFile before = trainer.state();
  const std::vector<float> real = trainer.judge(batch.images);
  REQUIRE(real.size() == 16);
  const auto generated = trainer.judge(trainer.generate(batch.latents, BatchStatistics::batch).values);
  const Convergence judged = convergence_of(config.loss, real, generated);
  CHECK(std::abs(judged.d_real - stats.d_real) < 1e-6);
  CHECK(std::abs(judged.d_fake - stats.d_fake) < 1e-6);
  const auto pixels = static_cast<std::size_t>(config.networks.pixels());
  const auto third = trainer.judge(std::span(batch.images).subspan(2 * pixels, pixels));
  CHECK(std::abs(third.at(0) - real[2]) < 1e-6);
  CHECK(first_difference(trainer.state(), before) == "");
  CHECK_THROWS_AS(trainer.judge({}), std::invalid_argument);
  CHECK_THROWS_AS(trainer.judge(std::vector<float>(pixels + 1)), std::invalid_argument);
}

TEST_CASE("a discriminator judges more images than fit into a pass") {
  const TrainingConfig config = tiny_config();
  const Trainer trainer(config, striped_images(config.networks, 8));
  std::mt19937_64 random(6);
  const GivenBatch batch = random_batch(config.networks, 600, random);
  const std::vector<float> all = trainer.judge(batch.images);
  REQUIRE(all.size() == 600);
  const auto pixels = static_cast<std::size_t>(config.networks.pixels());
  for (const std::size_t i : {0, 255, 256, 511, 512, 599}) {
    CHECK(trainer.judge(std::span(batch.images).subspan(i * pixels, pixels)).at(0) == all[i]);
  }
}

// The networks and the step of the 2014 paper against the plain implementation (support/plain_gan.h), and what the
// engine promises of them: simultaneous updates, checkpoints, pixels from 0 to 1.
#include <algorithm>
#include <cmath>
#include <functional>

#include "engine/data/marginals.h"
#include "engine/training/trainer.h"
#include "tests/engine/support/finite.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/parity.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

GivenBatch paper_batch(const TrainingConfig& config, std::mt19937_64& random) {
  GivenBatch batch = random_batch(config.networks, config.batch_size, random);
  for (float& pixel : batch.images) pixel = (pixel + 1) / 2;
  return batch;
}

/// paper_config() for either step: a test runs for both.
TrainingConfig any_paper_config() {
  TrainingConfig config = paper_config();
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  return config;
}

/// Both from the same state, on the same inputs, eight iterations; the first difference, or an empty text.
std::string compare_run(const TrainingConfig& config, const TrainingConfig& plain_config, std::uint64_t seed = 5) {
  Trainer trainer(config, striped_images(config.networks, config.batch_size));
  PlainGan plain(plain_config);
  load_state(plain, trainer.state());
  const Tolerances tolerances(config);
  std::mt19937_64 random(seed);
  for (int done = 1; done <= 8; ++done) {
    const GivenBatch batch = paper_batch(config, random);
    const PlainIteration expected = iterate(plain, plain_config, batch);
    const IterationStats actual = trainer.run_given(batch.inputs());
    std::string difference = compare_reports(actual, expected, tolerances.noise * (1 + done));
    if (done == 1) {
      if (plain.nearest_kink <= tolerances.kink) return "a unit is at its kink: take other inputs";
      difference += compare_gradients(trainer.gradients(), plain, tolerances);
    }
    difference += compare_sgd(trainer.state(), plain, config.discriminator_steps == 1 ? done : done + 1, tolerances);
    difference += compare_images(trainer, plain, batch, tolerances.drift);
    if (!difference.empty()) return "after iteration " + std::to_string(done) + ":\n" + difference;
  }
  return "";
}

/// The state after `count` iterations on drawn inputs.
TensorFile state_after(const TrainingConfig& config, const ImageSet& images, int count) {
  Trainer trainer(config, images);
  trainer.run(count);
  return trainer.state();
}

/// Where the tensors of two files first differ in a bit, whatever their metadata say.
std::string first_difference_of_tensors(TensorFile a, TensorFile b) {
  a.metadata = b.metadata = {};
  return first_difference(a, b);
}

}  // namespace

TEST_CASE("paper: every order, loss, form and number of discriminator steps agrees with the plain implementation") {
  TrainingConfig config = any_paper_config();
  config.order = GENERATE(UpdateOrder::simultaneous, UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  config.generator_loss = GENERATE(GeneratorLoss::non_saturating, GeneratorLoss::minimax);
  config.loss = GENERATE(loss_kind<CrossEntropy>(), loss_kind<ClampedCrossEntropy>());
  config.discriminator_steps = GENERATE(1, 2);
  CHECK(compare_run(config, config) == "");
}

TEST_CASE("paper: each of its parts alone in the networks of the script") {
  TrainingConfig config = any_paper_config();
  const NetworkConfig paper = config.networks;
  config.networks = small_config().networks;
  NetworkConfig& networks = config.networks;
  networks.generator_norm = NetworkNorm::none;  // a bias in front of batch norm would have velocities of pure noise
  const int part = GENERATE(0, 1, 2, 3, 4);
  if (part == 1) networks.discriminator_unit = paper.discriminator_unit;
  if (part == 2) networks.input_keep = paper.input_keep;
  if (part == 3) networks.hidden_keep = paper.hidden_keep;
  if (part == 4) networks.leaky_slope = paper.leaky_slope;
  CAPTURE(part);
  CHECK(compare_run(config, config) == "");
}

TEST_CASE("paper: the comparison notices every wrong setting") {
  struct Setting {
    std::string name;
    std::function<void(TrainingConfig&)> change;
  };
  const std::vector<Setting> settings = {
      {"another mask", [](auto& wrong) { wrong.seed = 1; }},
      {"keep", [](auto& wrong) { wrong.networks.hidden_keep = 0.55f; }},
      {"slope", [](auto& wrong) { wrong.networks.leaky_slope = 0.01f; }},
      {"rate", [](auto& wrong) { wrong.optimizer.SgdMomentum::learning_rate *= 1.01; }},
      {"decay", [](auto& wrong) { wrong.optimizer.SgdMomentum::decay = 1.001; }},
      {"momentum at first", [](auto& wrong) { wrong.optimizer.SgdMomentum::initial_momentum = 0.51; }},
      {"momentum at last", [](auto& wrong) { wrong.optimizer.SgdMomentum::final_momentum = 0.71; }},
      {"momentum's epochs", [](auto& wrong) { wrong.optimizer.SgdMomentum::momentum_epochs = 6; }},
      {"order", [](auto& wrong) { wrong.order = UpdateOrder::discriminator_first; }},
      {"loss", [](auto& wrong) { wrong.generator_loss = GeneratorLoss::minimax; }},
  };
  TrainingConfig config = any_paper_config();
  REQUIRE(compare_run(config, config) == "");
  for (const Setting& setting : settings) {
    CAPTURE(setting.name);
    TrainingConfig wrong = config;
    setting.change(wrong);
    CHECK(compare_run(config, wrong) != "");
  }
}

TEST_CASE("simultaneous updates with one discriminator step are generator_first, bit for bit") {
  const StepKind step = GENERATE(StepKind::fused, StepKind::plain);
  TrainingConfig config = GENERATE(paper_config(), small_config());
  config.step = step;
  const ImageSet images = striped_images(config.networks, 40);  // two batches of 16 and one of 8
  config.order = UpdateOrder::generator_first;
  const TensorFile first = state_after(config, images, 7);
  config.order = UpdateOrder::simultaneous;
  CHECK(first_difference_of_tensors(state_after(config, images, 7), first) == "");
  config.order = UpdateOrder::discriminator_first;
  CHECK(first_difference_of_tensors(state_after(config, images, 7), first) != "");
}

TEST_CASE("simultaneous updates with two discriminator steps: the last of them is shared, in both steps") {
  TrainingConfig config = small_config();
  config.discriminator_steps = 2;
  config.order = UpdateOrder::simultaneous;
  const ImageSet images = striped_images(config.networks, 56);  // 32, then 16 and 8
  config.step = StepKind::plain;
  Trainer plain(config, images);
  config.step = StepKind::fused;
  Trainer fused(config, images);
  plain.run(4);
  fused.run(4);
  CHECK(integer_of(plain.state(), "generator.adam.step") == 4);
  CHECK(integer_of(plain.state(), "discriminator.adam.step") == 8);
  CHECK(integer_of(plain.state(), "generator.model.3.num_batches_tracked") == 8);
  CHECK(plain.last_generated(8).count == 8);
  CHECK_THROWS_AS(plain.last_generated(9), std::invalid_argument);  // of the last step's batch
  const auto a = floats_of(plain.state(), "discriminator.model.0.weight");
  const auto b = floats_of(fused.state(), "discriminator.model.0.weight");
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(static_cast<double>(a[i]) - b[i]));
  CHECK(largest < 1e-4);  // steps of Adam are 2e-4 each, eight of them
}

TEST_CASE("paper: a continued training is the uninterrupted one, bit for bit") {
  TrainingConfig config = any_paper_config();
  config.discriminator_steps = GENERATE(1, 2);
  const ImageSet images = striped_images(config.networks, 40);
  constexpr int kEnd = 9;
  Trainer whole(config, images);
  std::vector<TensorFile> saved = {whole.state()};
  for (int i = 0; i < kEnd; ++i) {
    whole.run(1);
    saved.push_back(whole.state());
  }
  for (int point = 0; point <= kEnd; ++point) {
    CAPTURE(point);
    Trainer continued(config, images);
    continued.load_state(saved[static_cast<std::size_t>(point)]);
    CHECK(first_difference(continued.state(), saved[static_cast<std::size_t>(point)]) == "");
    continued.run(kEnd - point);
    CHECK(first_difference(continued.state(), saved.back()) == "");
  }
}

TEST_CASE("paper: a checkpoint has PyTorch's names and refuses Adam's") {
  TrainingConfig config = any_paper_config();
  const ImageSet images = striped_images(config.networks, 16);
  Trainer trainer(config, images);
  trainer.run(3);
  const TensorFile state = trainer.state();
  for (const char* name : {"generator.model.0.weight", "generator.model.2.bias", "generator.model.4.weight",
                           "discriminator.model.1.weight", "discriminator.model.4.bias", "discriminator.model.7.weight",
                           "generator.sgd.velocity.model.4.bias", "discriminator.sgd.velocity.model.7.bias"}) {
    INFO(name);
    CHECK(state.find(name) != nullptr);
  }
  CHECK(state.find("discriminator.model.1.weight")->shape == std::vector<std::int64_t>{36, 64});
  CHECK(state.find("discriminator.model.4.weight")->shape == std::vector<std::int64_t>{27, 12});
  CHECK(integer_of(state, "discriminator.sgd.step") == 3);
  TrainingConfig adam = config;
  adam.optimizer.kind = kind_of<Adam>;
  Trainer other(adam, images);
  CHECK_THROWS_AS(other.load_state(state), DataError);
}

TEST_CASE("paper: initial weights within their range, biases 0, the head's those of the mean image") {
  TrainingConfig config = paper_config();
  config.networks.generator_init = 0.05f;
  config.networks.discriminator_init = 0.005f;
  const ImageSet images = striped_images(config.networks, 30);
  const TensorFile state = Trainer(config, images).state();
  const auto within = [&](const std::string& name, float range) {
    const auto values = floats_of(state, name);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    return *low > -range && *high < range && *low<-0.8f * range&& * high> 0.8f * range;
  };
  CHECK(within("generator.model.2.weight", 0.05f));
  CHECK(within("discriminator.model.1.weight", 0.005f));
  for (const char* name : {"generator.model.0.bias", "generator.model.2.bias", "discriminator.model.7.bias"}) {
    for (const float bias : floats_of(state, name)) CHECK(bias == 0);
  }
  const std::vector<float> head = floats_of(state, "generator.model.4.bias");
  CHECK(head == biases_of_marginals(images));
  for (std::size_t pixel = 0; pixel < head.size(); ++pixel) {
    double mean = 0;
    for (int image = 0; image < 30; ++image) mean += images.pixels[static_cast<std::size_t>(image) * 64 + pixel];
    CHECK(std::abs(1 / (1 + std::exp(-static_cast<double>(head[pixel]))) - mean / (30 * 255)) < 1e-6);
  }
}

TEST_CASE("marginals: pixels that are always black or white have finite biases") {
  const ImageSet images{2, 1, 2, 1, {0, 255, 0, 255}, {}};
  const std::vector<float> biases = biases_of_marginals(images);
  CHECK(std::abs(biases[0] + 16.118095) < 1e-5);
  CHECK(std::abs(biases[1] - 16.118095) < 1e-5);
}

TEST_CASE("paper: pixels and latents lie in their ranges, D judges without dropout") {
  TrainingConfig config = any_paper_config();
  Trainer trainer(config, striped_images(config.networks, 40));
  trainer.run(3);
  const std::vector<float> latents = draw_latents(300, config.networks, 1);
  const auto [low, high] = std::minmax_element(latents.begin(), latents.end());
  CHECK((*low > -1.7321f && *low < -1.70f && *high < 1.7321f && *high > 1.70f));
  for (const FloatImages& images : {trainer.generate(latents, BatchStatistics::running), trainer.last_generated(5)}) {
    CHECK(images.range == ImageRange::zero_to_one);
    CHECK(std::all_of(images.values.begin(), images.values.end(), [](float x) { return x >= 0 && x <= 1; }));
  }
  const std::vector<float> images = trainer.generate(latents, BatchStatistics::running).values;
  CHECK(trainer.judge(images) == trainer.judge(images));
  const std::span<const float> one(images.data() + 64, 64);
  CHECK(trainer.judge(one).front() == trainer.judge(images)[1]);
}

TEST_CASE("paper: a long training stays within numbers") {
  TrainingConfig config = any_paper_config();
  Trainer trainer(config, striped_images(config.networks, 160));
  trainer.run(300);
  CHECK(first_non_finite(trainer.state()) == "");
  CHECK(integer_of(trainer.state(), "generator.sgd.step") == 300);
}

TEST_CASE("paper: the same bits kernel by kernel and as graphs") {
  TrainingConfig config = any_paper_config();
  const ImageSet images = striped_images(config.networks, 40);
  Trainer graphs(config, images), eager(config, images);
  graphs.run(6);
  for (int i = 0; i < 6; ++i) eager.run_timed();
  CHECK(first_difference(graphs.state(), eager.state()) == "");
}

// The engine against what PyTorch computed: recorded, so that PyTorch need not be there (support/recorded_run.h).
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "engine/training/trainer.h"
#include "tests/engine/support/recorded_run.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel;
using namespace duel::test;

/// The run's configuration with one of both steps: each test runs for both.
TrainingConfig any_step(const RecordedRun& run) {
  TrainingConfig config = run.config;
  config.step = GENERATE(StepKind::fused, StepKind::plain);
  return config;
}

std::vector<float> images_of(const TrainingConfig& config, const TensorFile& state, const std::vector<float>& latents) {
  Trainer trainer(config, striped_images(config.networks, config.batch_size));
  trainer.load_state(state);
  return trainer.generate(latents, BatchStatistics::batch).values;
}

float largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  float largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

}  // namespace

TEST_CASE("recorded runs: each iteration, an epoch's smaller last batch, and the next epoch's first one") {
  const RecordedRun run = read_recorded_run("epoch_end");
  REQUIRE(run.steps.size() == 3);
  CHECK(run.steps[1].batch.latents.size() == run.steps[0].batch.latents.size() / 2);
  const TrainingConfig config = any_step(run);
  CHECK(compare_steps(run, config) == "");
}

TEST_CASE("recorded runs: all iterations one after another") {
  const RecordedRun run = read_recorded_run("epoch_end");
  const TrainingConfig config = any_step(run);
  CHECK(compare_whole_run(run, config) == "");
}

TEST_CASE("recorded runs: the minimax loss of the generator") {
  const RecordedRun run = read_recorded_run("minimax");
  TrainingConfig config = any_step(run);
  config.generator_loss = GeneratorLoss::minimax;
  CHECK(compare_steps(run, config) == "");
  config.generator_loss = GeneratorLoss::non_saturating;
  const std::string wrong = compare_steps(run, config);
  CHECK(contains(wrong, "generator loss"));
  CHECK(contains(wrong, "gradients.generator.model.0.weight"));
}

TEST_CASE("recorded runs: the networks and the optimizer of the 2014 paper") {
  const RecordedRun run = read_recorded_run("paper");
  TrainingConfig config = paper_config();
  config.step = any_step(run).step;
  config.batch_size = run.config.batch_size;
  config.optimizer.SgdMomentum::momentum_epochs = SgdMomentum{}.momentum_epochs;
  config.networks.latent_dim = run.config.networks.latent_dim;
  config.networks.image_size = run.config.networks.image_size;
  config.networks.generator_widths = run.config.networks.generator_widths;
  config.networks.discriminator_widths = run.config.networks.discriminator_widths;
  CHECK(compare_steps(run, config) == "");
  CHECK(compare_whole_run(run, config) == "");
  config.networks.hidden_keep = 0.55f;
  CHECK(contains(compare_steps(run, config), "gradients.discriminator.model.1.weight"));
}

TEST_CASE("recorded runs: the DCGAN script's networks: convolutions, both networks' batch norm, dropout of channels") {
  const RecordedRun run = read_recorded_run("dcgan");
  REQUIRE(run.config.networks.kind == NetworkKind::dcgan);
  REQUIRE(run.config.networks.hidden_keep == 0.75f);
  TrainingConfig config = any_step(run);
  CHECK(compare_steps(run, config) == "");
  config.networks.hidden_keep = 0.7501f;
  CHECK(contains(compare_steps(run, config), "gradients.discriminator.model.3.weight"));
  config.networks.hidden_keep = run.config.networks.hidden_keep;
  config.networks.batch_norm_eps = 0.8001f;
  const std::string wrong = compare_steps(run, config);
  CHECK(contains(wrong, "generated_images"));
  CHECK(contains(wrong, "gradients.discriminator.adv_layer.0.weight"));
}

TEST_CASE("recorded runs: convolutions that read classes as planes, and a gradient penalty of images alone") {
  RecordedRun run = read_recorded_run("conditional_dcgan");
  TrainingConfig config = any_step(run);
  config.loss = loss_kind<Wasserstein>();
  config.penalty_weights[penalty_kind<UnitNormPenalty>()] = 10;
  REQUIRE((config.networks.kind == NetworkKind::dcgan && config.networks.classes == 3));
  CHECK(compare_steps(run, config) == "");
  std::uint8_t& one = run.steps[0].batch.real_labels[0];
  one = one == 0 ? 1 : 0;
  const std::string wrong = compare_steps(run, config);
  CHECK(contains(wrong, "gradients.discriminator.model.0.weight"));
  CHECK_FALSE(contains(wrong, "generated_images"));
}

TEST_CASE("recorded runs: least squares") {
  const RecordedRun run = read_recorded_run("least_squares");
  TrainingConfig config = any_step(run);
  config.loss = loss_kind<LeastSquares>();
  CHECK(compare_steps(run, config) == "");
}

TEST_CASE("recorded runs: the hinge loss, with scores on both sides of both margins") {
  const RecordedRun run = read_recorded_run("hinge");
  TrainingConfig config = any_step(run);
  config.loss = loss_kind<Hinge>();
  CHECK(compare_steps(run, config) == "");
  config.loss = loss_kind<Wasserstein>();
  CHECK(contains(compare_steps(run, config), "gradients.discriminator.model.4.bias"));
}

TEST_CASE("recorded runs: a critic with clipped weights, and RMSprop") {
  const RecordedRun run = read_recorded_run("wgan");
  TrainingConfig config = any_step(run);
  config.loss = loss_kind<Wasserstein>();
  config.optimizer.kind = kind_of<Rmsprop>;
  config.weight_clip = 0.2;
  CHECK(compare_steps(run, config) == "");
  config.weight_clip = 0.2002;
  CHECK(contains(compare_steps(run, config), "discriminator.model.0.weight"));
  config.weight_clip = 0;
  CHECK(contains(compare_steps(run, config), "discriminator.model.0.weight"));
}

TEST_CASE("recorded runs: a critic with a gradient penalty, of PyTorch's double backward") {
  const RecordedRun run = read_recorded_run("wgan_gp");
  TrainingConfig config = any_step(run);
  config.loss = loss_kind<Wasserstein>();
  config.penalty_weights[penalty_kind<UnitNormPenalty>()] = 10;
  CHECK(compare_steps(run, config) == "");
  config.seed = 1;  // other points
  CHECK(contains(compare_steps(run, config), "discriminator loss"));
  config.seed = 0;
  config.penalty_weights[penalty_kind<UnitNormPenalty>()] = 10.001;
  CHECK(contains(compare_steps(run, config), "gradients.discriminator.model.0.weight"));
}

TEST_CASE("recorded runs: spectral normalization of D under a penalty, of PyTorch's parametrization") {
  const RecordedRun run = read_recorded_run("spectral");
  REQUIRE(run.config.networks.discriminator_norm == NetworkNorm::spectral);
  TrainingConfig config = any_step(run);
  config.loss = loss_kind<Hinge>();
  config.penalty_weights[penalty_kind<R1Penalty>()] = 2;
  CHECK(compare_steps(run, config) == "");
  config.penalty_weights[penalty_kind<R1Penalty>()] = 2.001;
  CHECK(contains(compare_steps(run, config), "gradients.discriminator.model.0.parametrizations.weight.original"));
}

TEST_CASE("recorded runs: classes that both networks read, and a gradient penalty of images alone") {
  RecordedRun run = read_recorded_run("conditional");
  TrainingConfig config = any_step(run);
  config.loss = loss_kind<Wasserstein>();
  config.penalty_weights[penalty_kind<UnitNormPenalty>()] = 10;
  REQUIRE(config.networks.classes == 3);
  CHECK(compare_steps(run, config) == "");
  const std::vector<std::uint8_t> real = run.steps[0].batch.real_labels;
  std::uint8_t& one = run.steps[0].batch.real_labels[0];
  one = one == 0 ? 1 : 0;
  const std::string wrong = compare_steps(run, config);
  CHECK(contains(wrong, "gradients.discriminator.model.0.weight"));
  CHECK_FALSE(contains(wrong, "generated_images"));
  run.steps[0].batch.real_labels = real;
  run.steps[0].batch.generated_labels = real;
  CHECK(contains(compare_steps(run, config), "generated_images"));
}

TEST_CASE("recorded runs: label embeddings, spectral normalization of what reads one, and a penalty") {
  RecordedRun run = read_recorded_run("embedding");
  TrainingConfig config = any_step(run);
  config.penalty_weights[penalty_kind<R1Penalty>()] = 2;
  REQUIRE(config.networks.embeds_classes());
  REQUIRE(config.networks.discriminator_norm == NetworkNorm::spectral);
  CHECK(compare_steps(run, config) == "");
  std::uint8_t& one = run.steps[0].batch.generated_labels[0];
  one = one == 0 ? 1 : 0;
  const std::string wrong = compare_steps(run, config);
  CHECK(contains(wrong, "gradients.generator.label_embedding.weight"));
  CHECK(contains(wrong, "gradients.discriminator.label_embedding.weight"));
}

TEST_CASE("recorded runs: the penalty R1") {
  const RecordedRun run = read_recorded_run("r1");
  TrainingConfig config = any_step(run);
  config.penalty_weights[penalty_kind<R1Penalty>()] = 2;
  CHECK(compare_steps(run, config) == "");
  config.penalty_weights[penalty_kind<R1Penalty>()] = 2.001;
  CHECK(contains(compare_steps(run, config), "gradients.discriminator.model.0.weight"));
}

TEST_CASE("recorded runs: RMSprop") {
  const RecordedRun run = read_recorded_run("rmsprop");
  TrainingConfig config = any_step(run);
  config.optimizer.kind = kind_of<Rmsprop>;
  CHECK(compare_steps(run, config) == "");
  config.optimizer.Rmsprop::alpha = 0.9901;
  CHECK(contains(compare_steps(run, config), "rmsprop.square_avg"));
  config.optimizer.Rmsprop::alpha = 0.99;
  config.optimizer.Rmsprop::learning_rate *= 1.002;
  CHECK(contains(compare_steps(run, config), "generator.model.0.weight"));
}

TEST_CASE("recorded runs: probabilities of 0 and 1, where BCELoss clamps") {
  const RecordedRun run = read_recorded_run("sure");
  TrainingConfig config = any_step(run);
  CHECK(compare_steps(run, config) == "");

  // The form without clamps. Where p is 1, its loss is the logit instead of 100, and its gradient 1 instead of 0.
  config.loss = loss_kind<CrossEntropy>();
  const std::map<std::string, std::string> wrong = compare_each_step(run, config);
  CHECK(contains(wrong.at("bias 30"), "discriminator loss"));
  CHECK(contains(wrong.at("bias 30"), "gradients.discriminator.model.4.bias"));
  // Where p is 1e-13, the logarithm is as usual; only the gradient's denominator is clamped.
  CHECK(contains(wrong.at("bias -30"), "gradients.generator.model.0.weight"));
  CHECK_FALSE(contains(wrong.at("bias -30"), "discriminator loss"));
  // exp(95) is infinite in float, so p is 0.
  CHECK(contains(wrong.at("bias -95"), "generator loss"));
  CHECK_FALSE(contains(wrong.at("bias -95"), "mean D(x)"));
}

TEST_CASE("recorded runs: the comparison notices every wrong setting") {
  const RecordedRun run = read_recorded_run("epoch_end");
  const TrainingConfig right = any_step(run);
  struct Setting {
    std::string name, noticed_by;
    std::function<void(TrainingConfig&)> change;
  };
  const std::vector<Setting> settings = {
      {"eps a little off", "generated_images", [](auto& wrong) { wrong.networks.batch_norm_eps = 0.8001f; }},
      {"beta2 a little off", "exp_avg_sq", [](auto& wrong) { wrong.optimizer.Adam::beta2 = 0.9991; }},
      {"beta1 a little off", "adam.exp_avg.", [](auto& wrong) { wrong.optimizer.Adam::beta1 = 0.5001; }},
      {"D before G", "generator loss", [](auto& wrong) { wrong.order = UpdateOrder::discriminator_first; }},
      {"rate a little off", "generator.model.0.weight",
       [](auto& wrong) { wrong.optimizer.Adam::learning_rate *= 1.002; }},
      {"momentum a little off", "running_mean", [](auto& wrong) { wrong.networks.batch_norm_momentum = 0.1001f; }},
      {"slope a little off", "generated_images", [](auto& wrong) { wrong.networks.leaky_slope = 0.2001f; }},
  };
  for (const Setting& setting : settings) {
    TrainingConfig config = right;
    setting.change(config);
    const std::string wrong = compare_steps(run, config);
    CAPTURE(setting.name, wrong);
    CHECK(contains(wrong, setting.noticed_by));
  }
}

TEST_CASE("recorded runs: a bias before batch norm is right by its effect, not by its value") {
  const RecordedRun run = read_recorded_run("epoch_end");
  const TrainingConfig config = any_step(run);
  const std::string bias = "generator.model.2.bias";
  Trainer trainer(config, striped_images(config.networks, config.batch_size));
  trainer.load_state(with_values(trainer.state(), run.start));
  for (const RecordedStep& step : run.steps) trainer.run_given(step.batch.inputs());
  const TensorFile state = trainer.state();

  // Adam has amplified the rounding noise of a gradient that is 0: far more than any other tensor differs.
  const RecordedStep& last = run.steps.back();
  REQUIRE_FALSE(last.state.at(bias).allowed.has_value());
  const RecordedTensor by_value{last.state.at(bias).values, last.state.at("generator.model.2.weight").allowed};
  const std::vector<float> actual = floats_of(state, bias);
  CHECK(compare_tensor(bias, {actual.begin(), actual.end()}, by_value) != "");

  // With PyTorch's values, or any others, the generator draws the same images.
  const std::vector<float>& latents = last.batch.latents;
  const std::vector<float> images = images_of(config, state, latents);
  const TensorFile recorded = with_values(state, {{bias, last.state.at(bias).values}});
  CHECK(largest_difference(images, images_of(config, recorded, latents)) <= 16 * 0x1p-24f);
  const TensorFile ones = with_values(state, {{bias, std::vector<double>(actual.size(), 1.0)}});
  CHECK(largest_difference(images, images_of(config, ones, latents)) <= 64 * 0x1p-24f);
  const std::string other = "generator.model.0.bias";  // not before batch norm
  const TensorFile moved = with_values(state, {{other, {1, 1, 1, 1}}});
  CHECK(largest_difference(images, images_of(config, moved, latents)) > 1e-3f);
}

TEST_CASE("recorded runs: neither NaN, infinity nor another size agrees with anything") {
  const RecordedTensor expected{{1, 2}, AllowedErrors{0.5, 0.4}};
  CHECK(compare_tensor("t", {1, 2}, expected) == "");
  CHECK(compare_tensor("t", {1.4, 2}, expected) == "");
  CHECK(compare_tensor("t", {1.6, 2}, expected) != "");
  CHECK(compare_tensor("t", {1.45, 2.45}, expected) != "");  // the root of the mean square
  CHECK(compare_tensor("t", {std::numeric_limits<double>::quiet_NaN(), 2}, expected) != "");
  CHECK(compare_tensor("t", {std::numeric_limits<double>::infinity(), 2}, expected) != "");
  CHECK(compare_tensor("t", {1}, expected) != "");
}

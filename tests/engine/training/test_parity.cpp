// The engine against the plain double-precision implementation of the published script (support/plain_gan.h), and that
// implementation with mistakes, to show that the comparison can fail. How large differences may be: support/parity.h.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "engine/training/trainer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/parity.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

struct Case {
  TrainingConfig config;        ///< the trainer's
  TrainingConfig plain_config;  ///< the plain implementation's: the same, but for tests of wrong settings
  Mistake mistake = Mistake::none;
  int iterations = 3;
  std::vector<int> look_after = {1, 3};                   ///< iterations after which everything is compared
  std::function<void(TensorFile&)> start = [](auto&) {};  ///< changes the initial state of both
  double logit = 1;                                       ///< magnitude of the logits, if above 1
  std::uint64_t seed = 2;                                 ///< of the inputs

  Case(const TrainingConfig& both, StepKind step) : config(both), plain_config(both) { config.step = step; }
};

/// Each test runs for both.
StepKind any_step() {
  return GENERATE(StepKind::fused, StepKind::plain);
}

/// Every fifth batch has half the rows, as an epoch's last.
GivenBatch next_batch(const TrainingConfig& config, int iteration, std::mt19937_64& random) {
  const int rows = iteration % 5 == 4 ? config.batch_size / 2 : config.batch_size;
  return random_batch(config.networks, rows, random);
}

/// Both from the same state, on the same inputs; the first difference, or an empty text.
std::string compare_run(const Case& c) {
  Trainer trainer(c.config, striped_images(c.config.networks, c.config.batch_size));
  TensorFile start = trainer.state();
  c.start(start);
  trainer.load_state(start);
  PlainGan plain(c.plain_config, c.mistake);
  load_state(plain, start);
  const auto before = parameter_values(plain);
  Tolerances tolerances(c.config);
  tolerances.noise *= c.logit;
  std::mt19937_64 random(c.seed);
  for (int done = 1; done <= c.iterations; ++done) {
    const GivenBatch batch = next_batch(c.config, done - 1, random);
    const PlainIteration expected = iterate(plain, c.config, batch);
    const IterationStats actual = trainer.run_given(batch.inputs());
    const TensorFile state = trainer.state();
    std::string difference = compare_reports(actual, expected, tolerances.noise * (1 + done));
    if (done == 1 && plain.nearest_kink <= tolerances.kink) return "a LeakyReLU is at its kink: take other inputs";
    if (done == 1) difference += compare_gradients(trainer.gradients(), plain, tolerances);
    if (std::find(c.look_after.begin(), c.look_after.end(), done) != c.look_after.end()) {
      const bool one_step = done == 1 && c.config.discriminator_steps == 1;
      difference += one_step ? compare_step(state, plain, c.config, before, tolerances)
                             : compare_drifted(state, plain, c.config, done, tolerances);
      adopt_free_biases(plain, state);
      difference += compare_images(trainer, plain, batch, tolerances.noise * (1 + done));
    }
    if (!difference.empty()) return "after iteration " + std::to_string(done) + ":\n" + difference;
    adopt_free_biases(plain, state);
  }
  return "";
}

/// Sets the bias of the discriminator's head, and so moves all logits.
std::function<void(TensorFile&)> with_head_bias(float bias) {
  return [bias](TensorFile& state) { set_values(state, "discriminator.model.4.bias", std::vector{bias}); };
}

}  // namespace

TEST_CASE("parity: a hundred iterations of a small network") {
  const StepKind step = any_step();
  Case c(small_config(), step);
  c.iterations = 100;
  c.look_after = {1, 10, 100};
  CHECK(compare_run(c) == "");
}

TEST_CASE("parity: the published script's own network") {
  const StepKind step = any_step();
  Case c(TrainingConfig{}, step);
  c.iterations = 10;
  c.seed = 4;                 // no LeakyReLU at its kink: true of about half of all seeds, for 270,000 arguments
  c.look_after = {1, 5, 10};  // the fifth batch has 32 rows
  CHECK(compare_run(c) == "");
}

TEST_CASE("parity: every iteration from the state that the trainer has reached") {
  const bool is_dcgan = GENERATE(false, true);
  TrainingConfig config = is_dcgan ? dcgan_config() : small_config();
  config.step = any_step();
  const Tolerances tolerances(config);
  Trainer trainer(config, striped_images(config.networks, 16));
  PlainGan plain(config);
  std::mt19937_64 random(3);
  int compared = 0;
  const int iterations = is_dcgan ? 20 : 100;
  for (int done = 0; done < iterations; ++done) {
    load_state(plain, trainer.state());
    const auto before = parameter_values(plain);
    const GivenBatch batch = next_batch(config, done, random);
    const PlainIteration expected = iterate(plain, config, batch);
    const IterationStats actual = trainer.run_given(batch.inputs());
    if (plain.nearest_kink <= tolerances.kink) continue;
    ++compared;
    INFO("iteration " << done);
    REQUIRE(actual.iteration == done);
    REQUIRE(compare_reports(actual, expected, tolerances.noise) == "");
    REQUIRE(compare_gradients(trainer.gradients(), plain, tolerances) == "");
    REQUIRE(compare_step(trainer.state(), plain, config, before, tolerances) == "");
  }
  CHECK(compared >= iterations * 95 / 100);
}

TEST_CASE("parity: every order, loss, form, number of discriminator steps, and the usual eps") {
  const StepKind step = any_step();
  Case c(small_config(), step);
  c.config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first);
  c.config.generator_loss = GENERATE(GeneratorLoss::non_saturating, GeneratorLoss::minimax);
  c.config.loss = LossKind{GENERATE(range(0, kLossCount))};
  c.config.discriminator_steps = GENERATE(1, 2);
  c.config.networks.batch_norm_eps = GENERATE(0.8f, 1e-5f);
  c.plain_config = c.config;
  c.iterations = 6;
  c.look_after = {1, 6};
  CHECK(compare_run(c) == "");
}

TEST_CASE("parity: D's parameters are clipped after each of its updates, G's are not") {
  const StepKind step = any_step();
  Case c(small_config(), step);
  c.config.loss = GENERATE(loss_kind<Wasserstein>(), loss_kind<CrossEntropy>());
  c.config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first, UpdateOrder::simultaneous);
  c.config.discriminator_steps = GENERATE(1, 3);
  c.config.weight_clip = 0.05;
  c.plain_config = c.config;
  CHECK(compare_run(c) == "");
  c.plain_config.weight_clip = 0;
  CHECK(compare_run(c).find("discriminator.model.0.weight") != std::string::npos);
}

TEST_CASE("parity: ReLU, and a sigmoid head") {
  const StepKind step = any_step();
  Case c(small_config(), step);
  c.config.networks.leaky_slope = GENERATE(0.2f, 0.f);
  c.config.networks.image_head = GENERATE(ImageHead::tanh, ImageHead::sigmoid);
  c.plain_config = c.config;
  CHECK(compare_run(c) == "");
  c.plain_config.networks.leaky_slope = 0.1f;
  CHECK(compare_run(c) != "");
}

TEST_CASE("parity: maxout and dropout, in every order, with one, two and three hidden layers") {
  const StepKind step = any_step();
  Case c(small_config(), step);
  NetworkConfig& networks = c.config.networks;
  const int parts = GENERATE(1, 2, 3, 4, 7);  // sums of 1: maxout, 2: pixels dropped, 4: hidden outputs dropped
  if ((parts & 1) != 0) networks.discriminator_unit = DiscriminatorUnit::maxout, networks.maxout_pieces = 3;
  if ((parts & 2) != 0) networks.input_keep = 0.8f;
  if ((parts & 4) != 0) networks.hidden_keep = 0.5f;
  networks.discriminator_widths = GENERATE(std::vector{24}, std::vector{24, 16}, std::vector{13, 9, 6});
  c.config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first, UpdateOrder::simultaneous);
  c.config.discriminator_steps = GENERATE(1, 2);
  c.plain_config = c.config;
  CAPTURE(parts, networks.discriminator_widths);
  CHECK(compare_run(c) == "");
}

TEST_CASE("parity: gradient penalties, in every order, with one, two and three hidden layers") {
  const StepKind step = any_step();
  Case c(small_config(), step);
  c.config.loss = GENERATE(loss_kind<CrossEntropy>(), loss_kind<LeastSquares>());
  const PenaltyKind kind = GENERATE(penalty_kind<UnitNormPenalty>(), penalty_kind<R1Penalty>());
  c.config.penalty_weights[kind] = 10;
  c.config.networks.discriminator_widths = GENERATE(std::vector{24}, std::vector{24, 16}, std::vector{13, 9, 6});
  c.config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first, UpdateOrder::simultaneous);
  c.config.discriminator_steps = GENERATE(1, 2);
  c.plain_config = c.config;
  CAPTURE(static_cast<int>(kind), c.config.networks.discriminator_widths);
  CHECK(compare_run(c) == "");
  c.mistake = Mistake::no_penalty_gradient;
  CHECK(compare_run(c).find("gradient of discriminator.model.0.weight") != std::string::npos);
}

TEST_CASE("parity: gradient penalties through dropout and maxout, in every order") {
  const StepKind step = any_step();
  Case c(small_config(), step);
  NetworkConfig& networks = c.config.networks;
  const int part = GENERATE(0, 1, 2, 3);
  if (part != 1) networks.hidden_keep = 0.5f;
  if (part == 0) networks.input_keep = 0.8f;
  if (part > 0) networks.discriminator_unit = DiscriminatorUnit::maxout;
  if (part == 3) networks.input_keep = 0.8f, networks.classes = 3;
  c.config.penalty_weights[GENERATE(penalty_kind<UnitNormPenalty>(), penalty_kind<R1Penalty>())] = 10;
  c.config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first, UpdateOrder::simultaneous);
  c.plain_config = c.config;
  c.iterations = 1;
  c.look_after = {1};
  CAPTURE(part);
  CHECK(compare_run(c) == "");
  c.mistake = Mistake::no_penalty_gradient;
  CHECK(compare_run(c).find("gradient of discriminator.model.") != std::string::npos);
}

TEST_CASE("parity: classes, in every order and with every loss") {
  const StepKind step = any_step();
  Case c(small_config(), step);
  c.config.networks.classes = GENERATE(2, 3);
  c.config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first, UpdateOrder::simultaneous);
  c.config.discriminator_steps = GENERATE(1, 2);
  c.config.loss = LossKind{GENERATE(range(0, kLossCount))};
  c.plain_config = c.config;
  CHECK(compare_run(c) == "");
}

TEST_CASE("parity: classes with dropout and with gradient penalties, in every order") {
  const StepKind step = any_step();
  Case c(small_config(), step);
  NetworkConfig& networks = c.config.networks;
  networks.classes = 3;
  networks.discriminator_widths = GENERATE(std::vector{24}, std::vector{24, 16});
  c.config.loss = GENERATE(loss_kind<CrossEntropy>(), loss_kind<LeastSquares>());
  c.config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first, UpdateOrder::simultaneous);
  c.config.discriminator_steps = GENERATE(1, 2);
  const int part = GENERATE(0, 1, 2);
  if (part == 0) networks.input_keep = 0.8f, networks.hidden_keep = 0.5f;
  if (part == 1) c.config.penalty_weights[penalty_kind<UnitNormPenalty>()] = 10;
  if (part == 2) c.config.penalty_weights[penalty_kind<R1Penalty>()] = 10;
  c.plain_config = c.config;
  CAPTURE(part);
  CHECK(compare_run(c) == "");
}

TEST_CASE("parity: the comparison notices what D is told, and a penalty of classes") {
  const StepKind step = any_step();
  const bool is_dcgan = GENERATE(false, true);
  Case c(is_dcgan ? dcgan_config() : small_config(), step);
  c.config.networks.discriminator_norm = NetworkNorm::none;
  c.config.networks.hidden_keep = 1;
  c.config.networks.classes = 3;
  c.config.penalty_weights[penalty_kind<UnitNormPenalty>()] = 10;
  c.plain_config = c.config;
  if (is_dcgan) c.iterations = 1, c.look_after = {1};
  REQUIRE(compare_run(c) == "");
  for (const Mistake mistake : {Mistake::real_classes_for_all, Mistake::classes_in_penalty}) {
    c.mistake = mistake;
    CHECK(compare_run(c).find("gradient of discriminator.model.0.weight") != std::string::npos);
  }
}

TEST_CASE("parity: networks of convolutions, in every order and with every loss, with and without norms and dropout") {
  const StepKind step = any_step();
  Case c(dcgan_config(), step);
  NetworkConfig& networks = c.config.networks;
  c.config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first, UpdateOrder::simultaneous);
  c.config.discriminator_steps = GENERATE(1, 2);
  const int part = GENERATE(0, 1, 2, 3, 4);
  if (part == 4) networks.classes = 3;
  if (part == 1) networks.discriminator_norm = NetworkNorm::none;
  if (part == 2) networks.generator_norm = NetworkNorm::none;
  if (part == 3) networks.hidden_keep = 1, c.config.loss = LossKind{GENERATE(range(0, kLossCount))};
  const bool is_of_scores = c.config.loss == loss_kind<Hinge>() || c.config.loss == loss_kind<Wasserstein>();
  if (is_of_scores)
    networks.discriminator_norm = NetworkNorm::none;  // else at first no gradient is left of their means
  c.plain_config = c.config;
  c.iterations = 1;
  c.look_after = {1};
  CAPTURE(part);
  CHECK(compare_run(c) == "");
}

TEST_CASE("parity: networks of convolutions of other images: colours, odd sizes of D's, a narrow and a deep one") {
  const StepKind step = any_step();
  Case c(dcgan_config(), step);
  NetworkConfig& networks = c.config.networks;
  const int part = GENERATE(0, 1, 2);
  if (part == 0) networks.channels = 3, networks.image_size = 12, networks.classes = GENERATE(0, 2);
  if (part == 1) networks.image_size = 7, networks.generator_widths = {3}, networks.discriminator_widths = {2};
  if (part == 2) {
    networks.image_size = 16, networks.generator_widths = {7, 6, 5, 4}, networks.discriminator_widths = {4, 5, 6, 7, 8};
  }
  c.plain_config = c.config;
  c.iterations = 1;
  c.look_after = {1};
  CAPTURE(part);
  CHECK(compare_run(c) == "");
}

TEST_CASE("parity: gradient penalties through convolutions, in every order") {
  const StepKind step = any_step();
  Case c(dcgan_config(), step);
  NetworkConfig& networks = c.config.networks;
  networks.discriminator_norm = NetworkNorm::none;
  networks.discriminator_widths = GENERATE(std::vector{4}, std::vector{4, 5, 6});
  if (networks.discriminator_widths.size() == 1) networks.hidden_keep = 1;
  networks.classes = GENERATE(0, 3);
  c.config.loss = GENERATE(loss_kind<CrossEntropy>(), loss_kind<LeastSquares>());
  c.config.penalty_weights[GENERATE(penalty_kind<UnitNormPenalty>(), penalty_kind<R1Penalty>())] = 10;
  c.config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first, UpdateOrder::simultaneous);
  c.config.discriminator_steps = GENERATE(1, 2);
  c.plain_config = c.config;
  c.iterations = 1;
  c.look_after = {1};
  CAPTURE(networks.discriminator_widths, networks.classes);
  CHECK(compare_run(c) == "");
  c.mistake = Mistake::no_penalty_gradient;
  CHECK(compare_run(c).find("gradient of discriminator.model.0.weight") != std::string::npos);
}

TEST_CASE("parity: the comparison notices batch norm of D over both kinds of images, and a wrong eps") {
  const StepKind step = any_step();
  Case c(dcgan_config(), step);
  c.config.networks.hidden_keep = 1;
  c.plain_config = c.config;
  REQUIRE(compare_run(c) == "");
  c.mistake = Mistake::one_norm_for_both;
  CHECK(compare_run(c).find("gradient of discriminator.model.2.weight") != std::string::npos);
  c.mistake = Mistake::none;
  c.plain_config.networks.batch_norm_eps = 0.81f;
  CHECK(compare_run(c).find("gradient of generator.conv_blocks.2.weight") != std::string::npos);
}

TEST_CASE(
    "parity: spectral normalization of D, in every order, with every loss, of linear layers and of convolutions") {
  const StepKind step = any_step();
  const int part = GENERATE(0, 1, 2, 3);
  Case c(part == 3 ? dcgan_config() : small_config(), step);
  NetworkConfig& networks = c.config.networks;
  networks.discriminator_norm = NetworkNorm::spectral;
  if (part == 1) networks.discriminator_widths = {13, 9, 6};
  if (part == 2) networks.discriminator_unit = DiscriminatorUnit::maxout, networks.maxout_pieces = 3;
  if (part == 2) networks.input_keep = 0.8f, networks.hidden_keep = 0.5f;
  c.config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first, UpdateOrder::simultaneous);
  c.config.discriminator_steps = GENERATE(1, 2);
  c.config.loss = LossKind{GENERATE(range(0, kLossCount))};
  c.plain_config = c.config;
  if (part == 3) c.iterations = 1, c.look_after = {1};
  CAPTURE(part);
  CHECK(compare_run(c) == "");
}

TEST_CASE("parity: spectral normalization under gradient penalties and with classes, in every order") {
  const StepKind step = any_step();
  const bool is_dcgan = GENERATE(false, true);
  Case c(is_dcgan ? dcgan_config() : small_config(), step);
  NetworkConfig& networks = c.config.networks;
  networks.discriminator_norm = NetworkNorm::spectral;
  networks.hidden_keep = 1;
  networks.classes = GENERATE(0, 3);
  c.config.penalty_weights[GENERATE(penalty_kind<UnitNormPenalty>(), penalty_kind<R1Penalty>())] = 10;
  c.config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first, UpdateOrder::simultaneous);
  c.config.discriminator_steps = GENERATE(1, 2);
  c.plain_config = c.config;
  c.iterations = 1;
  c.look_after = {1};
  CHECK(compare_run(c) == "");
}

TEST_CASE("parity: label embeddings, in every order, with every loss, norms, penalties, of both kinds of networks") {
  const StepKind step = any_step();
  const int part = GENERATE(0, 1, 2, 3, 4, 5);
  const bool is_dcgan = part > 3;
  Case c(is_dcgan ? dcgan_config() : small_config(), step);
  NetworkConfig& networks = c.config.networks;
  networks.classes = 3;
  networks.class_input = ClassInput::embedding;
  if (part == 0) c.config.loss = LossKind{GENERATE(range(0, kLossCount))};
  if (part == 1) networks.discriminator_unit = DiscriminatorUnit::maxout, networks.input_keep = 0.8f;
  if (part == 2) networks.discriminator_norm = NetworkNorm::spectral, networks.discriminator_widths = {24};
  if (part == 2 || part == 3) c.config.penalty_weights[penalty_kind<UnitNormPenalty>()] = 10;
  if (part == 5) networks.discriminator_norm = NetworkNorm::spectral, networks.channels = 3;
  c.config.order = GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first, UpdateOrder::simultaneous);
  c.config.discriminator_steps = GENERATE(1, 2);
  c.plain_config = c.config;
  if (is_dcgan) c.iterations = 1, c.look_after = {1};
  CAPTURE(part);
  CHECK(compare_run(c) == "");
}

TEST_CASE("parity: the comparison notices label embeddings that do not learn, or are not clipped") {
  const StepKind step = any_step();
  const bool is_dcgan = GENERATE(false, true);
  Case c(is_dcgan ? dcgan_config() : small_config(), step);
  c.config.networks.classes = 3;
  c.config.networks.class_input = ClassInput::embedding;
  c.config.weight_clip = 0.5;
  c.plain_config = c.config;
  c.iterations = 1, c.look_after = {1};
  REQUIRE(compare_run(c) == "");
  c.plain_config.weight_clip = 0;
  CHECK(compare_run(c).find("discriminator.label_embedding.weight") != std::string::npos);
  c.plain_config = c.config;
  c.mistake = Mistake::frozen_embedding;
  CHECK(compare_run(c).find("gradient of discriminator.label_embedding.weight") != std::string::npos);
}

TEST_CASE("parity: the comparison notices a gradient that knows nothing of sigma, and a step too many") {
  const StepKind step = any_step();
  Case c(small_config(), step);
  c.config.networks.discriminator_norm = NetworkNorm::spectral;
  c.plain_config = c.config;
  REQUIRE(compare_run(c) == "");
  c.mistake = Mistake::constant_sigma;
  CHECK(compare_run(c).find("gradient of discriminator.model.0.parametrizations.weight.original") != std::string::npos);
  c.mistake = Mistake::step_for_each_kind;
  CHECK(compare_run(c).find("discriminator.model.0.parametrizations.weight.0._u") != std::string::npos);
}

TEST_CASE("parity: one-sided label smoothing, in both forms") {
  const StepKind step = any_step();
  Case c(small_config(), step);
  c.config.loss = GENERATE(loss_kind<ClampedCrossEntropy>(), loss_kind<CrossEntropy>());
  c.config.real_label = 0.9;
  c.plain_config = c.config;
  CHECK(compare_run(c) == "");
  c.plain_config.real_label = 1;
  CHECK(compare_run(c).find("discriminator loss") != std::string::npos);
}

TEST_CASE("parity: a discriminator so sure that BCELoss clamps") {
  const StepKind step = any_step();
  // Beyond +-104 the probability is exactly 0 or 1 in float and in double. At -40 it is 4e-18 and 1 - p = 1: the
  // logarithm is as usual, but the denominator of the gradient, p (1 - p), is clamped.
  for (const float bias : {150.f, -150.f, -40.f}) {
    CAPTURE(bias);
    Case c(small_config(), step);
    c.iterations = 1;
    c.start = with_head_bias(bias);
    c.logit = 4 * std::abs(bias);  // exp() turns the logit's rounding into as large a relative error
    CHECK(compare_run(c) == "");
    c.mistake = Mistake::no_clamp;
    CHECK(compare_run(c) != "");
  }
}

TEST_CASE("parity: logits have no clamp") {
  const StepKind step = any_step();
  for (const float bias : {150.f, -150.f}) {
    CAPTURE(bias);
    Case c(small_config(), step);
    c.config.loss = c.plain_config.loss = loss_kind<CrossEntropy>();
    c.iterations = 1;
    c.start = with_head_bias(bias);
    c.logit = 4 * std::abs(bias);
    CHECK(compare_run(c) == "");
    c.plain_config.loss = loss_kind<ClampedCrossEntropy>();
    const std::string report = compare_run(c);
    CAPTURE(report);
    CHECK(report.find("discriminator loss") != std::string::npos);
    CHECK((report.find("generator loss") != std::string::npos) == (bias < 0));  // else it is 0 in either form
  }
}

TEST_CASE("parity: the comparison notices every mistake") {
  const StepKind step = any_step();
  Case c(small_config(), step);
  REQUIRE(compare_run(c) == "");
  const std::vector<std::pair<Mistake, std::string>> noticed_by = {
      {Mistake::no_half, "discriminator loss"},
      {Mistake::biased_running_variance, "running_var"},
      {Mistake::images_after_update, "mean D(G(z))"},
      {Mistake::generator_gradients_kept, "gradient of discriminator"},
      {Mistake::no_bias_correction, "value of discriminator"},
      {Mistake::eps_inside_root, "value of generator"},
  };
  for (const auto& [mistake, place] : noticed_by) {
    c.mistake = mistake;
    const std::string report = compare_run(c);
    CAPTURE(place, report);
    CHECK(report.find(place) != std::string::npos);
  }
}

TEST_CASE("parity: the comparison notices every wrong setting") {
  const StepKind step = any_step();
  struct Setting {
    std::string name, noticed_by;
    std::function<void(TrainingConfig&)> change;
  };
  const std::vector<Setting> settings = {
      {"eps 1e-5 instead of 0.8", "generator loss", [](auto& wrong) { wrong.networks.batch_norm_eps = 1e-5f; }},
      {"PyTorch's usual slope", "generator loss", [](auto& wrong) { wrong.networks.leaky_slope = 0.01f; }},
      {"momentum reversed", "running_mean", [](auto& wrong) { wrong.networks.batch_norm_momentum = 0.9f; }},
      {"D before G", "generator loss", [](auto& wrong) { wrong.order = UpdateOrder::discriminator_first; }},
      {"minimax", "generator loss", [](auto& wrong) { wrong.generator_loss = GeneratorLoss::minimax; }},
      {"a step too many", "discriminator.adam.step", [](auto& wrong) { wrong.discriminator_steps = 2; }},
      {"Adam's usual beta1", "first moment", [](auto& wrong) { wrong.optimizer.Adam::beta1 = 0.9; }},
      {"beta2 a little off", "second moment", [](auto& wrong) { wrong.optimizer.Adam::beta2 = 0.9989; }},
      {"eps a little off", "value of generator", [](auto& wrong) { wrong.optimizer.Adam::eps = 2e-8; }},
      {"rate a little off", "value of generator", [](auto& wrong) { wrong.optimizer.Adam::learning_rate *= 1.01; }},
  };
  for (const Setting& setting : settings) {
    CAPTURE(setting.name);
    Case c(small_config(), step);
    setting.change(c.plain_config);
    const std::string report = compare_run(c);
    CAPTURE(report);
    CHECK(report.find(setting.noticed_by) != std::string::npos);
  }
}

TEST_CASE("parity: neither NaN nor infinity agrees with anything") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr float kFloatNan = std::numeric_limits<float>::quiet_NaN();
  const IterationStats good{0, 1.f, 1.f, 0.5f, 0.5f};
  CHECK(compare_reports(good, {1, 1, 0.5, 0.5}, 0) == "");
  CHECK(compare_reports(good, {kNan, 1, 0.5, 0.5}, 1) != "");
  CHECK(compare_reports(good, {kInfinity, 1, 0.5, 0.5}, kInfinity) != "");
  CHECK(compare_reports({0, 1.f, 1.f, 0.5f, kFloatNan}, {1, 1, 0.5, 0.5}, 1) != "");
  CHECK(compare_reports(good, {1, 1, 0.5, 0.5 + 1e-3}, 1e-4) != "");
}

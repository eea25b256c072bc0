// The equilibrium, against the cross-entropies that it is the minimum of, and against what a training says there.
#include "engine/quality/equilibrium.h"

#include <cmath>
#include <vector>

#include "engine/trainer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

bool agree(double a, double b, double bound = 1e-12) {
  return std::abs(a - b) <= bound;
}

/// D's loss for an image that is as probably real as generated, judged d.
double discriminator_loss(double label, double d) {
  const double real = -(label * std::log(d) + (1 - label) * std::log(1 - d)), generated = -std::log(1 - d);
  return (real + generated) / 2;
}

/// The state with a discriminator that says `d` to every image: its last layer is a bias.
TensorFile with_constant_discriminator(TensorFile state, double d) {
  const std::string last = "discriminator.model.2.";  // after one hidden layer and its activation
  set_values(state, last + "weight", std::vector<float>(6));
  set_values(state, last + "bias", std::vector<float>{static_cast<float>(std::log(d / (1 - d)))});
  return state;
}

}  // namespace

TEST_CASE("equilibrium: with labels of 1 that of the paper, with 0.9 further down") {
  const Equilibrium paper = equilibrium_of(1, GeneratorLoss::non_saturating);
  CHECK(paper.probability == 0.5);
  CHECK(agree(paper.discriminator_loss, std::log(2.0)));
  CHECK(agree(paper.generator_loss, std::log(2.0)));
  CHECK(agree(paper.value, -std::log(4.0)));
  CHECK(agree(equilibrium_of(1, GeneratorLoss::minimax).generator_loss, -std::log(2.0)));

  const Equilibrium smoothed = equilibrium_of(0.9, GeneratorLoss::non_saturating);
  CHECK(agree(smoothed.probability, 0.45));
  CHECK(agree(smoothed.discriminator_loss, 0.688139, 1e-6));
  CHECK(agree(smoothed.generator_loss, 0.798508, 1e-6));
  CHECK(agree(smoothed.value, -1.396345, 1e-6));
  CHECK(agree(equilibrium_of(0.9, GeneratorLoss::minimax).generator_loss, -0.597837, 1e-6));
}

TEST_CASE("equilibrium: no other D has a smaller loss where both kinds of images are alike") {
  for (const double label : {1.0, 0.9, 0.7, 0.5, 0.1, 1e-3}) {
    CAPTURE(label);
    const Equilibrium goal = equilibrium_of(label, GeneratorLoss::non_saturating);
    CHECK(agree(discriminator_loss(label, goal.probability), goal.discriminator_loss));
    for (double d = 1e-4; d < 1; d += 1e-4) REQUIRE(discriminator_loss(label, d) >= goal.discriminator_loss - 1e-12);
  }
}

TEST_CASE("equilibrium: it is what a training says of a discriminator that is there, whatever the settings") {
  const auto label = GENERATE(1.0, 0.9, 0.6);
  const auto loss = GENERATE(GeneratorLoss::non_saturating, GeneratorLoss::minimax);
  const auto form = GENERATE(BceForm::clamped_probability, BceForm::logits);
  const auto order =
      GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first, UpdateOrder::simultaneous);
  const auto step = GENERATE(StepKind::fused, StepKind::plain);
  CAPTURE(label, loss, form, order, step);
  TrainingConfig config = tiny_config();
  config.real_label = label;
  config.generator_loss = loss;
  config.bce_form = form;
  config.order = order;
  config.step = step;
  config.optimizer.Adam::learning_rate = 0;
  const Equilibrium goal = equilibrium_of(label, loss);
  Trainer trainer(config, striped_images(config.networks, 8));
  trainer.load_state(with_constant_discriminator(trainer.state(), goal.probability));
  int seen = 0;
  trainer.run(1, [&](std::span<const IterationStats> stats) {
    for (const IterationStats& one : stats) {
      ++seen;
      CHECK(agree(one.d_real, goal.probability, 1e-6));
      CHECK(agree(one.d_fake, goal.probability, 1e-6));
      CHECK(agree(one.discriminator_loss, goal.discriminator_loss, 1e-6));
      CHECK(agree(one.generator_loss, goal.generator_loss, 1e-6));
    }
  });
  CHECK(seen == 1);
}

// The equilibrium, against the losses that it is the minimum of, and against what a training says there.
#include "engine/quality/equilibrium.h"

#include <cmath>
#include <vector>

#include "engine/configuration/config_names.h"
#include "engine/training/trainer.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/tensor_values.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

bool agree(double a, double b, double bound = 1e-12) {
  return std::abs(a - b) <= bound;
}

/// D's loss for an image of that score that is as probably real as generated.
double discriminator_loss(LossKind kind, double label, double score) {
  return with_loss(kind, [&](auto loss) {
    const double judgement = loss.judgement(score);
    return facts_of(kind).discriminator_share *
           (loss.real(score, judgement, label).value + loss.generated(score, judgement).value);
  });
}

/// The state with a discriminator that judges every image alike: its last layer is a bias.
TensorFile with_constant_discriminator(TensorFile state, LossKind kind, double judgement) {
  const std::string last = "discriminator.model.2.";  // after one hidden layer and its activation
  set_values(state, last + "weight", std::vector<float>(6));
  const double score = facts_of(kind).judges_by_probability ? std::log(judgement / (1 - judgement)) : judgement;
  set_values(state, last + "bias", std::vector<float>{static_cast<float>(score)});
  return state;
}

}  // namespace

TEST_CASE("equilibrium: with labels of 1 that of the paper, with 0.9 further down") {
  const auto kind = GENERATE(loss_kind<CrossEntropy>(), loss_kind<ClampedCrossEntropy>());
  const Equilibrium paper = equilibrium_of(kind, 1, GeneratorLoss::non_saturating);
  CHECK(paper.judgement == 0.5);
  CHECK(agree(paper.discriminator_loss, std::log(2.0)));
  CHECK(agree(paper.generator_loss, std::log(2.0)));
  CHECK(agree(paper.value, -std::log(4.0)));
  CHECK(agree(equilibrium_of(kind, 1, GeneratorLoss::minimax).generator_loss, -std::log(2.0)));

  const Equilibrium smoothed = equilibrium_of(kind, 0.9, GeneratorLoss::non_saturating);
  CHECK(agree(smoothed.judgement, 0.45));
  CHECK(agree(smoothed.discriminator_loss, 0.688139, 1e-6));
  CHECK(agree(smoothed.generator_loss, 0.798508, 1e-6));
  CHECK(agree(smoothed.value, -1.396345, 1e-6));
  CHECK(agree(equilibrium_of(kind, 0.9, GeneratorLoss::minimax).generator_loss, -0.597837, 1e-6));
}

TEST_CASE("equilibrium: of least squares D is half the label, too") {
  const Equilibrium even = equilibrium_of(loss_kind<LeastSquares>(), 1, GeneratorLoss::non_saturating);
  CHECK(agree(even.judgement, 0.5));
  CHECK(agree(even.discriminator_loss, 0.25));
  CHECK(agree(even.generator_loss, 0.125));
  CHECK(agree(even.value, -0.5));
  const Equilibrium smoothed = equilibrium_of(loss_kind<LeastSquares>(), 0.9, GeneratorLoss::minimax);
  CHECK(agree(smoothed.judgement, 0.45));
  CHECK(agree(smoothed.discriminator_loss, 0.2025));
  CHECK(agree(smoothed.generator_loss, -0.2025));
  CHECK(agree(smoothed.value, -0.505));
}

TEST_CASE("equilibrium: of the hinge loss D says anything between its margins, a critic anything at all") {
  const Equilibrium hinge = equilibrium_of(loss_kind<Hinge>(), 1, GeneratorLoss::non_saturating);
  CHECK(hinge.is_range);
  CHECK(agree(hinge.judgement, 0));
  CHECK(agree(hinge.discriminator_loss, 2));
  CHECK(agree(hinge.value, -2));
  const Equilibrium critic = equilibrium_of(loss_kind<Wasserstein>(), 1, GeneratorLoss::non_saturating);
  CHECK(critic.is_range);
  CHECK(agree(critic.judgement, 0));
  CHECK(agree(critic.discriminator_loss, 0));
  CHECK(agree(critic.value, 0));
  CHECK_FALSE(equilibrium_of(loss_kind<LeastSquares>(), 0.9, GeneratorLoss::minimax).is_range);
}

TEST_CASE("equilibrium: no other D has a smaller loss where both kinds of images are alike") {
  for (const double label : {1.0, 0.9, 0.7, 0.5, 0.1, 1e-3}) {
    CAPTURE(label);
    for (int place = 0; place < kLossCount; ++place) {
      const LossKind kind{place};
      INFO(facts_of(kind).name);
      const Equilibrium goal = equilibrium_of(kind, label, GeneratorLoss::non_saturating);
      const LossGoals goals = facts_of(kind).goals;
      if (std::isfinite(goals.real)) {
        const double weight = facts_of(kind).takes_label ? label : 1;
        CHECK(agree(goal.judgement, (weight * goals.real + goals.generated) / 2));
      }
      for (double score = -10; score <= 10; score += 1e-2) {
        REQUIRE(discriminator_loss(kind, label, score) >= goal.discriminator_loss - 1e-12);
      }
    }
  }
}

TEST_CASE("equilibrium: it is what a training says of a discriminator that is there, whatever the settings") {
  const auto label = GENERATE(1.0, 0.9, 0.6);
  const auto generator_loss = GENERATE(GeneratorLoss::non_saturating, GeneratorLoss::minimax);
  const LossKind loss{GENERATE(range(0, kLossCount))};
  const auto order =
      GENERATE(UpdateOrder::generator_first, UpdateOrder::discriminator_first, UpdateOrder::simultaneous);
  const auto step = GENERATE(StepKind::fused, StepKind::plain);
  CAPTURE(label, name_of(loss), generator_loss, order, step);
  TrainingConfig config = tiny_config();
  if (!facts_of(loss).takes_label && label != 1) return;
  config.real_label = label;
  config.loss = loss;
  config.generator_loss = generator_loss;
  config.order = order;
  config.step = step;
  config.optimizer.Adam::learning_rate = 0;
  const Equilibrium goal = equilibrium_of(loss, label, generator_loss);
  Trainer trainer(config, striped_images(config.networks, 8));
  trainer.load_state(with_constant_discriminator(trainer.state(), loss, goal.judgement));
  int seen = 0;
  trainer.run(1, [&](std::span<const IterationStats> stats) {
    for (const IterationStats& one : stats) {
      ++seen;
      CHECK(agree(one.d_real, goal.judgement, 1e-6));
      CHECK(agree(one.d_fake, goal.judgement, 1e-6));
      CHECK(agree(one.discriminator_loss, goal.discriminator_loss, 1e-6));
      CHECK(agree(one.generator_loss, goal.generator_loss, 1e-6));
    }
  });
  CHECK(seen == 1);
}

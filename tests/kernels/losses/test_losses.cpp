// The losses of the list: each against central differences of itself and as the minimum that it promises; the
// cross-entropies against values worked out by hand and against PyTorch's BCELoss where that clamps.
#include "kernels/losses/losses.h"

#include <cmath>
#include <limits>
#include <string>

#include "kernels/losses/cases.h"
#include "kernels/losses/error.h"
#include "tests/support/catch.h"

namespace duel::test {
namespace {

/// The three functions of a loss at a score, and D's judgement there.
struct Terms {
  double judgement;
  LossTerm<double> real, generated, generator;
};

Terms terms_at(const PlayerLosses<double>& losses, double score) {
  return with_loss(losses.kind, [&](auto loss) {
    const double judgement = loss.judgement(score);
    return Terms{judgement, losses.discriminator(loss, score, judgement, true),
                 losses.discriminator(loss, score, judgement, false), losses.generator(loss, score, judgement)};
  });
}

bool near(double a, double b, double bound = 1e-14) {
  return std::abs(a - b) <= bound * (1 + std::abs(b));
}

std::vector<PlayerLosses<double>> all_losses() {
  std::vector<PlayerLosses<double>> all;
  for (const auto& one : verify::cases_of_losses()) {
    all.push_back(verify::in_double(one.first));
    all.back().discriminator_weight = 0.25;
    all.back().generator_weight = 0.75;
  }
  return all;
}

}  // namespace

TEST_CASE("losses: derivatives are the slopes of values") {
  constexpr double kStep = 1e-5;
  for (const PlayerLosses<double>& losses : all_losses()) {
    for (double score = -6; score <= 6; score += 0.25) {
      INFO(facts_of(losses.kind).name << " at " << score);
      if (losses.kind == loss_kind<Hinge>() && std::abs(score) == 1) continue;  // its kinks
      const Terms here = terms_at(losses, score), above = terms_at(losses, score + kStep),
                  below = terms_at(losses, score - kStep);
      const auto slope = [&](LossTerm<double> Terms::*term) {
        return ((above.*term).value - (below.*term).value) / (2 * kStep);
      };
      CHECK(near(here.real.gradient, slope(&Terms::real), 1e-8));
      CHECK(near(here.generated.gradient, slope(&Terms::generated), 1e-8));
      CHECK(near(here.generator.gradient, slope(&Terms::generator), 1e-8));
    }
  }
}

TEST_CASE("losses: D's are convex and fall towards its goals, of real images the label where there is one") {
  for (const PlayerLosses<double>& losses : all_losses()) {
    const LossFacts& facts = facts_of(losses.kind);
    const double goal = losses.real_label * facts.goals.real;
    Terms before = terms_at(losses, -6.25);
    for (double score = -6; score <= 6; score += 0.25) {
      INFO(facts_of(losses.kind).name << " at " << score);
      const Terms here = terms_at(losses, score);
      CHECK(here.real.gradient >= before.real.gradient);
      CHECK(here.generated.gradient >= before.generated.gradient);
      if (facts.takes_label) CHECK(near(goal, here.judgement, 1e-12) == near(here.real.gradient, 0, 1e-12));
      CHECK((here.real.gradient < 0) == (here.judgement < goal));
      CHECK((here.generated.gradient > 0) == (here.judgement > facts.goals.generated));
      before = here;
    }
    CHECK(std::abs(terms_at(losses, 0).real.gradient) > 0);
  }
}

TEST_CASE("losses: minimax is minus D's loss of generated images, with G's weight") {
  for (PlayerLosses<double> losses : all_losses()) {
    losses.generator_loss = GeneratorLoss::minimax;
    const Terms terms = terms_at(losses, 0.7);
    CHECK(near(terms.generator.value, -3 * terms.generated.value));
    CHECK(near(terms.generator.gradient, -3 * terms.generated.gradient));
  }
}

TEST_CASE("losses: each has a name of its own, and its place in the list is its kind") {
  for (int place = 0; place < kLossCount; ++place) {
    const LossKind kind{place};
    CHECK(with_loss(kind, [](auto loss) { return std::string(loss.kName); }) == facts_of(kind).name);
    for (int other = 0; other < place; ++other)
      CHECK(std::string(facts_of(kind).name) != facts_of(LossKind{other}).name);
  }
  CHECK(std::string(facts_of(loss_kind<CrossEntropy>()).name) == "cross_entropy");
  CHECK(std::string(facts_of(loss_kind<ClampedCrossEntropy>()).name) == "clamped_cross_entropy");
}

// Score ln 3: the probability is 3/4.
TEST_CASE("cross-entropy: values worked out by hand") {
  for (const LossKind kind : {loss_kind<CrossEntropy>(), loss_kind<ClampedCrossEntropy>()}) {
    PlayerLosses<double> losses{.kind = kind};
    Terms terms = terms_at(losses, std::log(3.0));
    CHECK(near(terms.judgement, 0.75));
    CHECK(near(terms.real.value, -std::log(0.75)));
    CHECK(near(terms.real.gradient, -0.25));
    CHECK(near(terms.generated.value, std::log(4.0)));
    CHECK(near(terms.generated.gradient, 0.75));
    CHECK(near(terms.generator.value, -std::log(0.75)));
    CHECK(near(terms.generator.gradient, -0.25));
    losses = {.kind = kind, .real_label = 0.5, .discriminator_weight = 2};
    terms = terms_at(losses, std::log(3.0));
    CHECK(near(terms.real.value, -std::log(0.75) - std::log(0.25)));
    CHECK(near(terms.real.gradient, 0.5));
    CHECK(near(terms.generator.value, -std::log(0.75)));  // G always wants 1
  }
}

TEST_CASE("cross-entropy: of a score it has no clamp") {
  const PlayerLosses<double> losses{.kind = loss_kind<CrossEntropy>()};
  CHECK(terms_at(losses, 200).generated.value == 200);
  CHECK(terms_at(losses, -1e4).real.value == 1e4);
  CHECK(terms_at(losses, -1e4).real.gradient == -1);
  CHECK(terms_at(losses, 1e4).real.value == 0);
}

// BCELoss: (p - t) / max(p (1 - p), 1e-12) * p (1 - p), which is 0 where p is exactly 0 or 1, also for a wrong label.
TEST_CASE("clamped cross-entropy: where the probability is 0, 1 or nearly, it is PyTorch's") {
  using Clamped = ClampedCrossEntropy;
  for (const double wrong : {0.0, 1.0}) {
    const auto saturated = [&](double p, double label) { return Clamped::real(0.0, p, label); };
    CHECK(saturated(1 - wrong, wrong).value == 100);
    CHECK(saturated(1 - wrong, wrong).gradient == 0);
    CHECK(saturated(wrong, wrong).value == 0);
    CHECK(saturated(wrong, wrong).gradient == 0);
  }
  CHECK(Clamped::generated(0.0, 1.0).value == 100);
  CHECK(Clamped::generator(0.0, 0.0).value == 100);
  constexpr double kBelow = 0x1p-45;  // p (1 - p) is less than 1e-12
  CHECK(near(Clamped::generator(0.0, kBelow).gradient, (kBelow - 1) * kBelow * (1 - kBelow) / 1e-12));
  CHECK(near(Clamped::generator(0.0, 0x1p-24).gradient, 0x1p-24 - 1));
  CHECK(Clamped::generator(0.f, 0.f).value == 100.f);
  CHECK(Clamped::generator(0.f, 1.f).gradient == 0.f);
}

TEST_CASE("least squares: values worked out by hand") {
  PlayerLosses<double> losses{.kind = loss_kind<LeastSquares>()};
  Terms terms = terms_at(losses, 3);
  CHECK(terms.judgement == 3);
  CHECK(terms.real.value == 4);  // (3 - 1)^2
  CHECK(terms.real.gradient == 4);
  CHECK(terms.generated.value == 9);  // (3 - 0)^2
  CHECK(terms.generated.gradient == 6);
  CHECK(terms.generator.value == 2);  // (3 - 1)^2 / 2
  CHECK(terms.generator.gradient == 2);
  losses = {.kind = loss_kind<LeastSquares>(), .real_label = 0.5, .discriminator_weight = 0.5};
  terms = terms_at(losses, 3);
  CHECK(terms.real.value == 3.125);
  CHECK(terms.real.gradient == 2.5);
  CHECK(terms.generated.value == 4.5);
  CHECK(terms.generator.value == 2);  // G always wants 1
  losses.generator_loss = GeneratorLoss::minimax;
  CHECK(terms_at(losses, 3).generator.value == -9);
}

TEST_CASE("hinge: values worked out by hand, and slopes of 0 at its margins, as PyTorch's relu has them") {
  PlayerLosses<double> losses{.kind = loss_kind<Hinge>(), .discriminator_weight = 0.5, .generator_weight = 0.25};
  Terms terms = terms_at(losses, -0.5);
  CHECK(terms.judgement == -0.5);
  CHECK(terms.real.value == 0.75);  // (1 + 0.5) / 2
  CHECK(terms.real.gradient == -0.5);
  CHECK(terms.generated.value == 0.25);  // (1 - 0.5) / 2
  CHECK(terms.generated.gradient == 0.5);
  CHECK(terms.generator.value == 0.125);
  CHECK(terms.generator.gradient == -0.25);
  for (const double beyond : {1.0, 1.5, 1e300}) {
    CHECK(terms_at(losses, beyond).real.value == 0);
    CHECK(terms_at(losses, beyond).real.gradient == 0);
    CHECK(terms_at(losses, -beyond).generated.value == 0);
    CHECK(terms_at(losses, -beyond).generated.gradient == 0);
    CHECK(terms_at(losses, -beyond).generator.gradient == -0.25);
  }
  CHECK(terms_at(losses, 1 - 0x1p-53).real.gradient == -0.5);
  CHECK(terms_at(losses, -1 + 0x1p-53).generated.gradient == 0.5);
  losses.generator_loss = GeneratorLoss::minimax;
  CHECK(terms_at(losses, -0.5).generator.value == -0.125);
  CHECK(terms_at(losses, -2).generator.gradient == 0);
}

TEST_CASE("Wasserstein: values worked out by hand, and minimax is the same game") {
  PlayerLosses<double> losses{.kind = loss_kind<Wasserstein>(), .discriminator_weight = 0.5, .generator_weight = 0.25};
  for (const auto generator_loss : {GeneratorLoss::non_saturating, GeneratorLoss::minimax}) {
    losses.generator_loss = generator_loss;
    const Terms terms = terms_at(losses, 3);
    CHECK(terms.judgement == 3);
    CHECK(terms.real.value == -1.5);
    CHECK(terms.real.gradient == -0.5);
    CHECK(terms.generated.value == 1.5);
    CHECK(terms.generated.gradient == 0.5);
    CHECK(terms.generator.value == -0.75);
    CHECK(terms.generator.gradient == -0.25);
  }
}

TEST_CASE("losses: a loss without labels is the same with any") {
  for (PlayerLosses<double> losses : all_losses()) {
    INFO(facts_of(losses.kind).name);
    const double before = terms_at(losses, 0.25).real.value;
    losses.real_label = 0.5;
    CHECK((terms_at(losses, 0.25).real.value == before) == !facts_of(losses.kind).takes_label);
  }
}

TEST_CASE("losses: D minimises the sum of its means where the papers do, else half of it") {
  for (int place = 0; place < kLossCount; ++place) {
    const LossKind kind{place};
    const bool is_sum = kind == loss_kind<Hinge>() || kind == loss_kind<Wasserstein>();
    CHECK(facts_of(kind).discriminator_share == (is_sum ? 1 : 0.5));
  }
}

TEST_CASE("losses: a score that is no number has no loss, nor a slope where that depends on the score") {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  for (const PlayerLosses<double>& losses : all_losses()) {
    INFO(facts_of(losses.kind).name);
    const Terms terms = terms_at(losses, kNan), low = terms_at(losses, -3), high = terms_at(losses, 3);
    CHECK(std::isnan(terms.judgement));
    for (const auto term : {&Terms::real, &Terms::generated, &Terms::generator}) {
      CHECK(std::isnan((terms.*term).value));
      CHECK((std::isnan((terms.*term).gradient) || (low.*term).gradient == (high.*term).gradient));
    }
  }
}

TEST_CASE("losses: the bounds of floats hold where a score's error reaches across a margin of the hinge loss") {
  const PlayerLosses<double> losses{.kind = loss_kind<Hinge>(), .discriminator_weight = 0.5};
  constexpr double kError = 0x1p-20;
  for (const bool is_real : {true, false}) {
    const double margin = is_real ? 1 : -1;
    for (const double at : {-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5}) {
      const double score = margin + at * kError;
      const verify::JudgedSample sample = verify::judged(losses.kind, score, kError);
      const LossTerm<double> bound = verify::discriminator_error(losses, sample, is_real);
      const auto term = [&](double s) { return Hinge::real(is_real ? s : -s, s, 1.0); };
      for (const double other : {score - kError, score + kError, margin}) {
        if (std::abs(other - score) > kError) continue;
        CHECK(bound.value >= 0.5 * std::abs(term(other).value - term(score).value));
        CHECK(bound.gradient >= 0.5 * std::abs(term(other).gradient - term(score).gradient));
      }
      if (std::abs(at) > 1) CHECK(bound.gradient < 1e-3);  // and is none elsewhere
    }
  }
}

}  // namespace duel::test

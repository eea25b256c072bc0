#include "engine/training/convergence.h"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "engine/quality/equilibrium.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;

constexpr LossKind kCrossEntropy = loss_kind<CrossEntropy>();

/// Of probabilities.
std::vector<float> scores_of(const std::vector<float>& probabilities) {
  std::vector<float> scores;
  for (const float p : probabilities) scores.push_back(std::log(p / (1 - p)));
  return scores;
}

bool near(double a, double b) {
  return std::abs(a - b) <= 1e-6;
}

}  // namespace

TEST_CASE("convergence: at the equilibrium half of the images are judged rightly, whatever the label of real ones") {
  for (const double label : {1.0, 0.9, 0.5}) {
    CAPTURE(label);
    const Equilibrium goal = equilibrium_of(kCrossEntropy, label, GeneratorLoss::non_saturating);
    const std::vector<float> judged(7, static_cast<float>(goal.judgement));
    const Convergence players = convergence_of(kCrossEntropy, scores_of(judged), scores_of(judged));
    CHECK(near(players.d_real, label / 2));
    CHECK(near(players.d_fake, label / 2));
    CHECK(near(players.value, goal.value));
    CHECK(players.accuracy == 0.5);
  }
}

TEST_CASE("convergence: means, value and accuracy worked out by hand") {
  const std::vector<float> real = {0.75f, 0.25f}, generated = {0.125f, 0.625f, 0.375f, 0.25f};
  const Convergence players = convergence_of(kCrossEntropy, scores_of(real), scores_of(generated));
  CHECK(near(players.d_real, 0.5));
  CHECK(near(players.d_fake, 0.34375));
  CHECK(near(players.accuracy, 4.0 / 6));  // 0.25 and 0.625 are judged wrongly
  const double fakes = std::log(0.875) + std::log(0.375) + std::log(0.625) + std::log(0.75);
  CHECK(near(players.value, (std::log(0.75) + std::log(0.25)) / 2 + fakes / 4));
}

TEST_CASE(
    "convergence: a discriminator that is quite wrong has a value of -200, not infinity, where logs are clamped") {
  const std::vector<float> zero = {-1000.f}, one = {1000.f};
  const LossKind clamped = loss_kind<ClampedCrossEntropy>();
  CHECK(convergence_of(clamped, zero, one).value == -200);
  CHECK(convergence_of(clamped, zero, one).accuracy == 0);
  CHECK(convergence_of(clamped, one, zero).value == 0);
  CHECK(convergence_of(clamped, one, zero).accuracy == 1);
  CHECK(convergence_of(kCrossEntropy, zero, one).value == -2000);
}

TEST_CASE("convergence: of the hinge loss 0 tells real from generated, of a critic the middle of both means") {
  const std::vector<float> real = {0.5f, -0.25f}, generated = {-2.f, 0.f};
  const Convergence hinge = convergence_of(loss_kind<Hinge>(), real, generated);
  CHECK(hinge.d_real == 0.125);
  CHECK(hinge.d_fake == -1);
  CHECK(hinge.value == -(0.5 + 1.25) / 2 - (0 + 1.0) / 2);
  CHECK(hinge.accuracy == (1 + 0 + 1 + 0.5) / 4);
  const std::vector<float> high = {9.f, 5.f, 8.f}, low = {6.f, 2.f, 5.5f};  // means 22/3 and 4.5: the middle is 5.92
  const Convergence critic = convergence_of(loss_kind<Wasserstein>(), high, low);
  CHECK(near(critic.value, 22.0 / 3 - 4.5));
  CHECK(near(critic.accuracy, 4.0 / 6));
  CHECK(convergence_of(loss_kind<Wasserstein>(), {high.data(), 1}, {high.data(), 1}).accuracy == 0.5);
}

TEST_CASE("convergence: both kinds of images are needed") {
  const std::vector<float> some = {0.5f};
  CHECK_THROWS_AS(convergence_of(kCrossEntropy, {}, some), std::invalid_argument);
  CHECK_THROWS_AS(convergence_of(kCrossEntropy, some, {}), std::invalid_argument);
}

TEST_CASE("relative change: Euclidean norms") {
  const std::vector<float> before = {3.f, -4.f}, after = {3.f, -4.5f};
  CHECK(near(relative_change(before, after), 0.1));
  CHECK(relative_change(before, before) == 0);
  const std::vector<float> zero = {0.f, 0.f};
  CHECK(relative_change(zero, zero) == 0);
  CHECK(std::isinf(relative_change(zero, before)));
  CHECK_THROWS_AS(relative_change(before, std::vector<float>(3)), std::invalid_argument);
}

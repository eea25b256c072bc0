#include "engine/quality/collapse_alarm.h"

#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel;
using duel::test::contains;

constexpr LossKind kLoss = loss_kind<CrossEntropy>();
const Convergence kEven{.d_real = 0.6, .d_fake = 0.4, .value = -1.2, .accuracy = 0.7};
const Convergence kSaturated{.d_real = 0.999, .d_fake = 0.001, .value = 0, .accuracy = 1};
const ClassHistogram kTenths = class_histogram(std::vector<double>(10, 0.1));

/// An alarm that only counts looks: it gives no time to learn.
CollapseAlarm impatient(double real_label = 1) {
  return {kLoss, real_label, 0};
}

/// Such an alarm after so many such looks.
std::string after(int looks, const Convergence& players, const SampleDiversity& samples) {
  CollapseAlarm alarm = impatient();
  for (int i = 0; i < looks; ++i) alarm.look(i, players, samples);
  return alarm.alarm();
}

}  // namespace

TEST_CASE("collapse alarm: silent while players are even and samples as diverse as real images") {
  CHECK(after(50, kEven, {kTenths, 1.0}) == "");
  CHECK(after(50, kEven, {{}, 0.9}) == "");  // no classifier
}

TEST_CASE("collapse alarm: rings at the third bad look in a row, and says why") {
  CHECK(after(2, kSaturated, {kTenths, 1.0}) == "");
  CHECK(contains(after(3, kSaturated, {kTenths, 1.0}),
                 "the discriminator has won: D(x) is 0.999, above 0.990, and D(G(z)) is 0.001, below 0.010"));
  CHECK(contains(after(3, kEven, {kTenths, 0.3}),
                 "too alike: their mean distance is 0.30 times that of real images, expected at least 0.50"));
  const ClassHistogram three = class_histogram({0.4, 0.3, 0.3, 0, 0, 0, 0, 0, 0, 0});
  CHECK(contains(after(3, kEven, {three, 1.0}),
                 "entropy is 1.09, expected at least 1.96, 85 % of even classes'; 3 of 10 classes"));
  const ClassHistogram one_large = class_histogram({0.37, 0.07, 0.07, 0.07, 0.07, 0.07, 0.07, 0.07, 0.07, 0.07});
  CHECK(contains(after(3, kEven, {one_large, 1.0}), "37 % of the samples are of one class, expected at most 35 %"));
}

TEST_CASE("collapse alarm: a score can pass a label of 1, so D has won where it says about that much") {
  CollapseAlarm alarm(loss_kind<LeastSquares>(), 1, 0);
  for (int i = 0; i < 3; ++i) alarm.look(i, {.d_real = 0.96, .d_fake = -0.01}, {kTenths, 1.0});
  CHECK(contains(alarm.alarm(), "the discriminator has won: D(x) is 0.960, above 0.950"));
}

TEST_CASE("collapse alarm: of the hinge loss D has won beyond both margins, of a critic never") {
  const auto after_three = [](LossKind loss, double d_real, double d_fake) {
    CollapseAlarm alarm(loss, 1, 0);
    for (int i = 0; i < 3; ++i) alarm.look(i, {.d_real = d_real, .d_fake = d_fake}, {kTenths, 1.0});
    return alarm.alarm();
  };
  const LossKind hinge = loss_kind<Hinge>(), critic = loss_kind<Wasserstein>();
  CHECK(contains(after_three(hinge, 0.96, -0.96), "D(x) is 0.960, above 0.950, and D(G(z)) is -0.960, below -0.950"));
  CHECK(after_three(hinge, 0.94, -0.96) == "");
  CHECK(after_three(hinge, 0.96, -0.94) == "");
  CHECK(after_three(critic, 1e30, -1e30) == "");
}

TEST_CASE("collapse alarm: a discriminator whose label is 0.9 has won where it says about that much") {
  const auto after_three = [](double label, double d_real, double d_fake) {
    CollapseAlarm alarm = impatient(label);
    for (int i = 0; i < 3; ++i) alarm.look(i, {.d_real = d_real, .d_fake = d_fake}, {kTenths, 1.0});
    return alarm.alarm();
  };
  CHECK(contains(after_three(0.9, 0.88, 0.001), "the discriminator has won: D(x) is 0.880, above 0.855"));
  CHECK(after_three(0.9, 0.84, 0.001) == "");
  CHECK(after_three(0.9, 0.88, 0.02) == "");
  CHECK(after_three(1, 0.98, 0.001) == "");
  CHECK(after_three(1, 0.995, 0.001) != "");
}

TEST_CASE("collapse alarm: samples of a dataset that is not balanced are compared with it") {
  const ClassHistogram skewed = class_histogram({0.6, 0.1, 0.1, 0.1, 0.1});  // entropy 1.23 of log 5 = 1.61
  CHECK(after(3, kEven, {skewed, 1.0}) != "");
  ClassHistogram as_real = skewed;
  as_real.real_entropy = skewed.entropy;
  as_real.real_largest = skewed.largest;
  CHECK(after(3, kEven, {as_real, 1.0}) == "");
  ClassHistogram collapsed = class_histogram({0.91, 0.05, 0.02, 0.01, 0.01});
  collapsed.real_entropy = skewed.entropy;
  collapsed.real_largest = skewed.largest;
  CHECK(contains(after(3, kEven, {collapsed, 1.0}), "expected at least 1.04, 85 % of real images'"));
  // As many in one class as real images have is none too many; half as many again is.
  ClassHistogram large = class_histogram({0.5, 0.125, 0.125, 0.125, 0.125});
  large.real_largest = 0.4;
  CHECK(after(3, kEven, {large, 1.0}) == "");
  large.real_largest = 0.3;
  CHECK(contains(after(3, kEven, {large, 1.0}), "50 % of the samples are of one class, expected at most 45 %"));
}

// What PyTorch's own runs of the published script come to after 20 epochs: entropy 1.47 to 1.70, six classes.
TEST_CASE("collapse alarm: the published script's collapse is one") {
  const ClassHistogram shares = class_histogram({0.29, 0.0, 0.21, 0.17, 0.005, 0.0, 0.13, 0.12, 0.07, 0.005});
  CHECK(after(3, {.d_real = 0.88, .d_fake = 0.12, .value = -0.3, .accuracy = 0.95}, {shares, 0.8}) != "");
}

TEST_CASE("collapse alarm: one good look ends it") {
  CollapseAlarm alarm = impatient();
  std::int64_t iteration = 0;
  const auto look = [&](double distance) { return alarm.look(++iteration, kEven, {kTenths, distance}); };
  for (int i = 0; i < 5; ++i) look(0.1);
  CHECK(alarm.alarm() != "");
  CHECK(!alarm.is_healthy());
  CHECK(look(1.0) == "");
  CHECK(alarm.is_healthy());
  for (int i = 0; i < 2; ++i) CHECK(look(0.1) == "");
  CHECK(!alarm.is_healthy());
  CHECK(contains(alarm.wrong(), "too alike"));
  alarm.reset({0, iteration});
  CHECK(alarm.is_healthy());
  CHECK(alarm.alarm() == "");
  CHECK(look(0.1) == "");
}

TEST_CASE("collapse alarm: values that are told apart have enough digits for it") {
  ClassHistogram classes = kTenths;
  classes.entropy = 0.85 * std::log(10.0) - 1e-4;
  CHECK(contains(after(3, kEven, {classes, 1.0}), "entropy is 1.9571, expected at least 1.9572"));
  CHECK(contains(after(3, kEven, {kTenths, 0.4999}), "0.4999 times that of real images, expected at least 0.5000"));
}

/// The iteration at which an alarm rings for looks every `interval` iterations, which are good at `good` alone.
std::int64_t rings_at(std::int64_t interval, std::int64_t good, std::int64_t patience = CollapseAlarm::kPatience) {
  CollapseAlarm alarm(kLoss, 1, patience);
  for (std::int64_t i = 1; i < 100'000; i += interval) {
    if (alarm.look(i, kEven, {kTenths, i == good ? 1.0 : 0.1}) != "") return i;
  }
  return -1;
}

TEST_CASE("collapse alarm: rings at the third bad look, if the last good one is long enough ago") {
  CHECK(rings_at(400, 1) == 1201);  // the usual interval: the third bad look
  CHECK(rings_at(400, 2001) == 3201);
  CHECK(rings_at(1, 1) == 1201);  // and never sooner
  CHECK(rings_at(100, 701) == 1901);
  CHECK(rings_at(5000, 1) == 15'001);  // nor before the third
  CHECK(rings_at(400, 401, 2000) == 2401);
}

TEST_CASE("collapse alarm: a generator that has never looked well has four times as long to learn") {
  CHECK(CollapseAlarm(kLoss, 1).iterations_to_learn() == 4800);
  CHECK(rings_at(400, -1) == 4801);
  CHECK(rings_at(1, -1) == 4800);
  CHECK(rings_at(5000, -1) == 10'001);
  CHECK(rings_at(1, -1, 0) == 3);
  constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();
  CHECK(CollapseAlarm(kLoss, 1, kLargest).iterations_to_learn() > kLargest - 4);
  CHECK(rings_at(1, -1, kLargest) == -1);
}

TEST_CASE("collapse alarm: goes on from what it remembered") {
  for (const std::int64_t good : {std::int64_t{-1}, std::int64_t{2001}}) {
    const std::int64_t expected = rings_at(400, good);
    for (std::int64_t cut = 1; cut <= expected; cut += 400) {
      CollapseAlarm before(kLoss, 1), after(kLoss, 1);
      std::int64_t i = 1;
      for (; i < cut; i += 400) before.look(i, kEven, {kTenths, i == good ? 1.0 : 0.1});
      after.reset(before.memory());
      while (after.look(i, kEven, {kTenths, i == good ? 1.0 : 0.1}) == "") i += 400;
      CHECK(i == expected);
    }
  }
}

TEST_CASE("collapse alarm: NaN is nothing good") {
  CHECK(after(3, kEven, {{}, std::numeric_limits<double>::quiet_NaN()}) != "");
}

TEST_CASE("mean pairwise distance: by hand, of equal images, of noise") {
  CHECK(std::abs(mean_pairwise_distance({0, 0, 3, 4, 0, 8}, 2) - (5 + 8 + 5) / 3.0) < 1e-12);
  CHECK(mean_pairwise_distance({1, 2, 1, 2}, 2) == 0);
  CHECK_THROWS_AS(mean_pairwise_distance({1, 2}, 2), std::invalid_argument);
  std::mt19937 random(1);
  std::vector<float> noise;
  for (int i = 0; i < 60 * 100; ++i) noise.push_back(static_cast<float>(random()) * 0x1p-32f);
  CHECK(std::abs(mean_pairwise_distance(noise, 100) - std::sqrt(100.0 / 6)) < 0.1);  // variance of a difference: 1/6
}

#include "engine/quality/collapse_alarm.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace duel {
namespace {

std::string number(double value, int digits = 2) {
  return fmt::format("{:.{}f}", value, digits);
}

/// A value and what it should not have passed, with as many digits as it takes to tell them apart.
struct Compared {
  std::string value, bound;

  Compared(double value_, double bound_, int digits) {
    constexpr int kMostDigits = 9;
    do {
      value = number(value_, digits);
      bound = number(bound_, digits);
    } while (value == bound && ++digits <= kMostDigits);
  }
};

std::string wrong_classes(const ClassHistogram& classes) {
  const std::vector<double>& shares = classes.shares;
  if (shares.size() < 2) return "";
  const double even = classes.real_entropy.value_or(std::log(static_cast<double>(shares.size())));
  const double least = CollapseAlarm::kLeastEntropy * even;
  if (!(classes.entropy >= least)) {
    const auto drawn = std::count_if(shares.begin(), shares.end(), [](double share) { return share >= 0.01; });
    const Compared entropy(classes.entropy, least, 2);
    return "the classes of the samples are too uneven: their entropy is " + entropy.value + ", expected at least " +
           entropy.bound + ", " + number(100 * CollapseAlarm::kLeastEntropy, 0) + " % of " +
           (classes.real_entropy ? "real images'" : "even classes'") + "; " + std::to_string(drawn) + " of " +
           std::to_string(shares.size()) + " classes have 1 % or more of the samples";
  }
  const double most =
      std::max(CollapseAlarm::kMostOfOneClass, CollapseAlarm::kMostAgainstReal * classes.real_largest.value_or(0));
  if (shares.size() < 5 || classes.largest <= most) return "";
  const Compared share(100 * classes.largest, 100 * most, 0);
  return share.value + " % of the samples are of one class, expected at most " + share.bound + " %";
}

std::string what_is_wrong(const Convergence& players, const SampleDiversity& samples, double sure_of_real,
                          double sure_of_generated) {
  const bool saturated = players.d_real > sure_of_real && players.d_fake < sure_of_generated;
  if (saturated) {
    const Compared real(players.d_real, sure_of_real, 3), fake(players.d_fake, sure_of_generated, 3);
    return "the discriminator has won: D(x) is " + real.value + ", above " + real.bound + ", and D(G(z)) is " +
           fake.value + ", below " + fake.bound;
  }
  if (!(samples.pairwise_distance >= CollapseAlarm::kLeastDistance)) {
    const Compared distance(samples.pairwise_distance, CollapseAlarm::kLeastDistance, 2);
    return "the samples are too alike: their mean distance is " + distance.value +
           " times that of real images, expected at least " + distance.bound;
  }
  return wrong_classes(samples.classes);
}

}  // namespace

double mean_pairwise_distance(const std::vector<float>& images, int pixels) {
  const std::size_t width = static_cast<std::size_t>(pixels), count = images.size() / width;
  if (count < 2) throw std::invalid_argument("mean_pairwise_distance: expected at least 2 images");
  double sum = 0;
  for (std::size_t a = 0; a < count; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      double square = 0;
      for (std::size_t i = 0; i < width; ++i) {
        const double difference = static_cast<double>(images[a * width + i]) - images[b * width + i];
        square += difference * difference;
      }
      sum += std::sqrt(square);
    }
  }
  return sum / static_cast<double>(count * (count - 1) / 2);
}

CollapseAlarm::CollapseAlarm(LossKind loss, double real_label, std::int64_t patience) : patience_(patience) {
  const LossFacts& facts = facts_of(loss);
  const bool can_pass = real_label < 1 || !facts.judges_by_probability;  // a probability of 1 cannot
  sure_of_real_ = can_pass ? kNearGoal * real_label * facts.goals.real : 1 - kSaturation;
  sure_of_generated_ = facts.goals.generated == 0 ? kSaturation : kNearGoal * facts.goals.generated;
}

const std::string& CollapseAlarm::look(std::int64_t iteration, const Convergence& players,
                                       const SampleDiversity& samples) {
  wrong_ = what_is_wrong(players, samples, sure_of_real_, sure_of_generated_);
  memory_ = wrong_.empty() ? Memory{0, iteration} : Memory{memory_.bad_looks + 1, memory_.good_at};
  const bool is_overdue = is_learning() ? iteration >= iterations_to_learn() : iteration - memory_.good_at >= patience_;
  alarm_ = memory_.bad_looks >= kLooks && is_overdue ? wrong_ : "";
  return alarm_;
}

std::int64_t CollapseAlarm::iterations_to_learn() const {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kWhileLearning;
  return kWhileLearning * std::min(patience_, kMost);
}

void CollapseAlarm::reset(const Memory& memory) {
  memory_ = memory;
  wrong_.clear();
  alarm_.clear();
}

}  // namespace duel

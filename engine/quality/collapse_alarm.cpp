#include "engine/quality/collapse_alarm.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace duel {
namespace {

std::string number(double value, const char* format = "%.2f") {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string wrong_classes(const ClassHistogram& classes) {
  const std::vector<double>& shares = classes.shares;
  if (shares.size() < 2) return "";
  const double even = classes.real_entropy.value_or(std::log(static_cast<double>(shares.size())));
  if (!(classes.entropy >= CollapseAlarm::kLeastEntropy * even)) {
    const auto drawn = std::count_if(shares.begin(), shares.end(), [](double share) { return share >= 0.01; });
    return "the samples are of few classes: entropy " + number(classes.entropy) + " of " + number(even) + ", " +
           std::to_string(drawn) + " of " + std::to_string(shares.size()) + " classes have 1 % or more";
  }
  const double most =
      std::max(CollapseAlarm::kMostOfOneClass, CollapseAlarm::kMostAgainstReal * classes.real_largest.value_or(0));
  if (shares.size() < 5 || classes.largest <= most) return "";
  return number(100 * classes.largest, "%.0f") + " % of the samples are of one class";
}

std::string what_is_wrong(const Convergence& players, const SampleDiversity& samples, double sure_of_real) {
  const bool saturated = players.d_real > sure_of_real && players.d_fake < CollapseAlarm::kSaturation;
  if (saturated) {
    return "the discriminator has won: D(x) " + number(players.d_real, "%.3f") + ", D(G(z)) " +
           number(players.d_fake, "%.3f");
  }
  if (!(samples.pairwise_distance >= CollapseAlarm::kLeastDistance)) {
    return "the samples are too alike: their mean distance is " + number(samples.pairwise_distance) +
           " times that of real images";
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

const std::string& CollapseAlarm::look(const Convergence& players, const SampleDiversity& samples) {
  const std::string wrong = what_is_wrong(players, samples, sure_of_real_);
  bad_looks_ = wrong.empty() ? 0 : bad_looks_ + 1;
  alarm_ = bad_looks_ >= kLooks ? wrong : "";
  return alarm_;
}

}  // namespace duel

// Says when a generator has collapsed: it draws a few kinds of images only, or the discriminator has won for good.
#pragma once

#include <string>
#include <vector>

#include "engine/quality/class_histogram.h"
#include "engine/quality/convergence.h"

namespace duel {

/// What a look at the samples of a training found.
struct SampleDiversity {
  ClassHistogram classes;        ///< of the samples, by a classifier; no shares where there is none
  double pairwise_distance = 0;  ///< mean Euclidean distance of two samples, divided by that of two real images
};

/// Mean Euclidean distance of two different images of [count, pixels]. Throws std::invalid_argument for fewer than 2.
double mean_pairwise_distance(const std::vector<float>& images, int pixels);

/// Looks at a training again and again. A single bad look is no alarm: training swings.
class CollapseAlarm {
 public:
  // What counts as bad.
  static constexpr double kLeastEntropy = 0.85;    ///< of the classes, as a share of real images', or of log(classes)
  static constexpr double kMostOfOneClass = 0.35;  ///< share of samples in the largest of five classes or more,
  static constexpr double kMostAgainstReal = 1.5;  ///< or, if that is more, times that of real images
  static constexpr double kLeastDistance = 0.5;    ///< of pairwise_distance
  static constexpr double kSaturation = 0.01;      ///< D(x) above 1 - this and D(G(z)) below it
  static constexpr double kNearLabel = 0.95;  ///< instead of 1 - kSaturation, of a label below 1: D swings around it
  static constexpr int kLooks = 3;            ///< bad looks one after another until the alarm

  /// `real_label`: of real images in D's loss, the most that D learns to say.
  explicit CollapseAlarm(double real_label = 1)
      : sure_of_real_(real_label < 1 ? kNearLabel * real_label : 1 - kSaturation) {}

  /// The alarm after this look: what is wrong and by how much, "" where nothing is.
  const std::string& look(const Convergence& players, const SampleDiversity& samples);

  const std::string& alarm() const { return alarm_; }
  /// Whether the last look found nothing wrong.
  bool is_healthy() const { return bad_looks_ == 0; }
  /// Looks one after another, the last one included, that found something wrong.
  int bad_looks() const { return bad_looks_; }
  /// Remembers so many bad looks and nothing else: none, as after a return to an earlier state, or those of a training
  /// that goes on.
  void reset(int bad_looks = 0) {
    bad_looks_ = bad_looks;
    alarm_.clear();
  }

 private:
  double sure_of_real_;  ///< D(x) above this is that of a discriminator that has won
  int bad_looks_ = 0;
  std::string alarm_;
};

}  // namespace duel

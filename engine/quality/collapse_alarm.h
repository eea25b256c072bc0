// Says when a generator has collapsed: it draws a few kinds of images only, or the discriminator has won for good.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/quality/class_histogram.h"
#include "engine/training/convergence.h"
#include "kernels/losses/losses.h"

namespace duel {

/// What a look at the samples of a training found.
struct SampleDiversity {
  ClassHistogram classes;        ///< of the samples, by a classifier; no shares where there is none
  double pairwise_distance = 0;  ///< mean Euclidean distance of two samples, divided by that of two real images
};

/// Mean Euclidean distance of two different images of [count, pixels]. Throws std::invalid_argument for fewer than 2.
double mean_pairwise_distance(const std::vector<float>& images, int pixels);

/// Looks at a training again and again. A single bad look is no alarm: training swings. And a generator that has never
/// looked well is still learning: it gets more time.
class CollapseAlarm {
 public:
  /// What an alarm knows of the looks until now.
  struct Memory {
    int bad_looks = 0;          ///< one after another, the last one included
    std::int64_t good_at = -1;  ///< iteration of the last good look, or of the return to what one saw; -1: none yet

    bool operator==(const Memory&) const = default;
  };

  // What counts as bad.
  static constexpr double kLeastEntropy = 0.85;    ///< of the classes, as a share of real images', or of log(classes)
  static constexpr double kMostOfOneClass = 0.35;  ///< share of samples in the largest of five classes or more,
  static constexpr double kMostAgainstReal = 1.5;  ///< or, if that is more, times that of real images
  static constexpr double kLeastDistance = 0.5;    ///< of pairwise_distance
  static constexpr double kSaturation = 0.01;      ///< D(x) above 1 - this and D(G(z)) below it
  static constexpr double kNearGoal = 0.95;  ///< instead of 1 - kSaturation, of what D can pass: a smoothed label,
                                             ///< a score. D swings around it
  // When it rings.
  static constexpr int kLooks = 3;                   ///< bad looks one after another, at least, and
  static constexpr std::int64_t kPatience = 1200;    ///< iterations since the last good look,
  static constexpr std::int64_t kWhileLearning = 4;  ///< times as many from the beginning where there was none

  /// `loss`, `real_label`: of D; the label is what D learns to say of real images. `patience`: instead of kPatience.
  CollapseAlarm(LossKind loss, double real_label, std::int64_t patience = kPatience);

  /// The alarm after this look at the state after `iteration` iterations, none of which was looked at before: what is
  /// wrong, by which measure and by how much; "" while it does not ring.
  const std::string& look(std::int64_t iteration, const Convergence& players, const SampleDiversity& samples);

  const std::string& alarm() const { return alarm_; }
  /// What the last look found wrong, whether or not the alarm rings; "" where nothing is.
  const std::string& wrong() const { return wrong_; }
  bool is_healthy() const { return memory_.bad_looks == 0; }
  /// Whether no look has ever found the generator well.
  bool is_learning() const { return memory_.good_at < 0; }
  /// Before the alarm rings for a generator that has never looked well.
  std::int64_t iterations_to_learn() const;

  const Memory& memory() const { return memory_; }
  /// Remembers this and nothing else, as of a training that has returned to an earlier state, or goes on.
  void reset(const Memory& memory);

 private:
  /// D(x) above the one and D(G(z)) below the other are those of a discriminator that has won; infinite where the
  /// scores have no scale, and G a gradient whatever they are.
  double sure_of_real_, sure_of_generated_;
  std::int64_t patience_;
  Memory memory_;
  std::string wrong_, alarm_;
};

}  // namespace duel

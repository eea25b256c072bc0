// Looks at a training now and then: how even the players are, how far an iteration moves them, how diverse the samples.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "engine/io/idx.h"
#include "engine/quality/collapse_alarm.h"
#include "engine/quality/equilibrium.h"
#include "engine/training/trainer.h"

namespace duel::app {

/// What a look found.
struct Look {
  std::int64_t iteration = 0;  ///< done
  Convergence players;
  UpdateNorms updates;  ///< of the last iteration
  SampleDiversity samples;
  int bad_looks = 0;  ///< one after another, this one included
  std::string wrong;  ///< "" where all is well
  std::string alarm;  ///< the same where the alarm rings, else ""
};

/// {"iteration":401,"epoch":1,"d_real":0.6,"d_fake":0.4,"value":-1.2,"value_gap":0.18,"d_accuracy":0.7,
/// "generator_update":0.001,"discriminator_update":0.002,"update_ratio":0.5,"pairwise_distance":0.9,
/// "class_shares":[...],"class_entropy":2.2,"bad_looks":0,"alarm":""}; without the classes where there is no
/// classifier. Epochs count from 1; value_gap is V less that of the equilibrium. A value that is not finite, which JSON
/// lacks, is null.
std::string look_line(const Look& look, std::int64_t epoch, const Equilibrium& equilibrium);

class TrainingWatch {
 public:
  /// Which classes images are of; absent where there is no classifier.
  using CountClasses = std::function<ClassHistogram(const FloatImages&)>;

  /// Appends a line per look to `file`. `images` are the training's. Throws std::system_error.
  /// `patience`: of the alarm, iterations.
  TrainingWatch(const std::filesystem::path& file, const ImageSet& images, Trainer& trainer, BatchStatistics statistics,
                std::int64_t patience, CountClasses count_classes);

  /// Trains one iteration, whose gradients the trainer may keep, and looks. Throws std::system_error.
  const Look& look(const Trainer::OnStats& on_stats, bool keep_gradients);

  /// Looks at the state as it is, where a run ends after an iteration that no look has measured. It changes neither the
  /// training nor the alarm, so that a run that is continued from here has the looks of one that was not interrupted;
  /// its line, which such a run lacks, has no sizes of updates. Throws std::system_error.
  const Look& look_at_end();

  const Look& last() const { return last_; }
  /// Without what the look at a run's end found.
  const CollapseAlarm& alarm() const { return alarm_; }
  /// Of a training that has returned to an earlier state, or goes on from one.
  void reset(const CollapseAlarm::Memory& memory) { alarm_.reset(memory); }

 private:
  /// Of the state as it is: fills in and writes last_, whose updates are those of the iteration just done.
  const Look& look_at_state(UpdateNorms updates, CollapseAlarm& alarm);
  SampleDiversity diversity(const FloatImages& samples) const;
  void check() const;
  void write(const std::string& line);

  std::filesystem::path file_;
  std::ofstream out_;
  Trainer& trainer_;
  BatchStatistics statistics_;
  CountClasses count_classes_;
  std::vector<float> latents_, real_images_;
  std::vector<std::uint8_t> classes_, real_classes_;  ///< of both; none where no network reads classes
  double real_distance_;
  Equilibrium equilibrium_;
  CollapseAlarm alarm_;
  Look last_;
};

}  // namespace duel::app

// When training pauses, and for what.
#pragma once

#include <cstdint>

#include "app/settings/train_options.h"

namespace duel::app {

/// All times are iterations done since the start.
struct Schedule {
  std::int64_t total = 0;  ///< the end of the run
  std::int64_t iterations_per_epoch = 1;
  std::int64_t sample_interval = 1;      ///< 0: no pictures
  std::int64_t checkpoint_interval = 0;  ///< 0: none by count
  bool has_script_pictures = false;
  std::int64_t watch_interval = 0;  ///< 0: no looks

  /// The first pause after `done`, at most `total`.
  std::int64_t next_pause(std::int64_t done) const;

  bool epoch_ends_at(std::int64_t done) const;
  bool sample_due_at(std::int64_t done) const;
  /// A look begins here, with the iteration that it measures.
  bool look_due_at(std::int64_t done) const;
  bool checkpoint_due_at(std::int64_t done) const;
  /// The script draws after iterations 0, 400, 800, ... as it counts them: when 1, 401, 801, ... are done.
  bool script_picture_due_at(std::int64_t done) const;

 private:
  std::int64_t next_script_picture(std::int64_t done) const;
};

/// Of a run over images that fill so many iterations an epoch.
Schedule schedule_of(const TrainOptions& options, std::int64_t iterations_per_epoch);

/// Iterations of a run of `epochs`, cut at `max_iterations` unless that is 0.
std::int64_t iterations_of(int epochs, std::int64_t iterations_per_epoch, std::int64_t max_iterations);

}  // namespace duel::app

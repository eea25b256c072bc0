#include "app/training/schedule.h"

#include <algorithm>
#include <limits>

namespace duel::app {
namespace {

/// The largest number there is where the next multiple is beyond it, or the interval is 0, which means never.
std::int64_t next_multiple(std::int64_t done, std::int64_t interval) {
  if (interval == 0) return std::numeric_limits<std::int64_t>::max();
  std::int64_t next = 0;
  const bool is_beyond = __builtin_mul_overflow(done / interval + 1, interval, &next);
  return is_beyond ? std::numeric_limits<std::int64_t>::max() : next;
}

}  // namespace

std::int64_t Schedule::next_script_picture(std::int64_t done) const {
  if (done == 0) return 1;
  const std::int64_t iteration = next_multiple(done - 1, sample_interval);
  return iteration < total ? iteration + 1 : total;
}

std::int64_t Schedule::next_pause(std::int64_t done) const {
  std::int64_t next = total;
  for (const std::int64_t interval : {iterations_per_epoch, sample_interval, checkpoint_interval, watch_interval}) {
    next = std::min(next, next_multiple(done, interval));
  }
  if (has_script_pictures && sample_interval > 0) next = std::min(next, next_script_picture(done));
  return next;
}

bool Schedule::epoch_ends_at(std::int64_t done) const {
  return done > 0 && done % iterations_per_epoch == 0;
}

bool Schedule::sample_due_at(std::int64_t done) const {
  return sample_interval > 0 && (done % sample_interval == 0 || done == total);
}

bool Schedule::look_due_at(std::int64_t done) const {
  return watch_interval > 0 && done % watch_interval == 0 && done < total;
}

bool Schedule::checkpoint_due_at(std::int64_t done) const {
  return checkpoint_interval > 0 && done > 0 && done % checkpoint_interval == 0;
}

bool Schedule::script_picture_due_at(std::int64_t done) const {
  return has_script_pictures && sample_interval > 0 && done > 0 && (done - 1) % sample_interval == 0;
}

Schedule schedule_of(const TrainOptions& options, std::int64_t iterations_per_epoch) {
  return {.total = iterations_of(options.epochs, iterations_per_epoch, options.max_iterations),
          .iterations_per_epoch = iterations_per_epoch,
          .sample_interval = options.sample_interval,
          .checkpoint_interval = options.checkpoint_interval,
          .has_script_pictures = options.has_script_pictures,
          .watch_interval = options.watch_interval};
}

std::int64_t iterations_of(int epochs, std::int64_t iterations_per_epoch, std::int64_t max_iterations) {
  const std::int64_t all = epochs * iterations_per_epoch;
  return max_iterations > 0 ? std::min(all, max_iterations) : all;
}

}  // namespace duel::app

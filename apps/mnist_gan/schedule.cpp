#include "apps/mnist_gan/schedule.h"

#include <algorithm>

namespace duel::app {
namespace {

std::int64_t next_multiple(std::int64_t done, std::int64_t interval) {
  return (done / interval + 1) * interval;
}

}  // namespace

std::int64_t Schedule::next_pause(std::int64_t done) const {
  std::int64_t next = std::min(next_multiple(done, iterations_per_epoch), next_multiple(done, sample_interval));
  if (checkpoint_interval > 0) next = std::min(next, next_multiple(done, checkpoint_interval));
  if (watch_interval > 0) next = std::min(next, next_multiple(done, watch_interval));
  if (has_script_pictures) next = std::min(next, done == 0 ? 1 : next_multiple(done - 1, sample_interval) + 1);
  return std::min(next, total);
}

bool Schedule::epoch_ends_at(std::int64_t done) const {
  return done > 0 && done % iterations_per_epoch == 0;
}

bool Schedule::sample_due_at(std::int64_t done) const {
  return done % sample_interval == 0 || done == total;
}

bool Schedule::look_due_at(std::int64_t done) const {
  return watch_interval > 0 && done % watch_interval == 0 && done < total;
}

bool Schedule::checkpoint_due_at(std::int64_t done) const {
  return checkpoint_interval > 0 && done > 0 && done % checkpoint_interval == 0;
}

bool Schedule::script_picture_due_at(std::int64_t done) const {
  return has_script_pictures && done > 0 && (done - 1) % sample_interval == 0;
}

std::int64_t iterations_of(int epochs, std::int64_t iterations_per_epoch, std::int64_t max_iterations) {
  const std::int64_t all = epochs * iterations_per_epoch;
  return max_iterations > 0 ? std::min(all, max_iterations) : all;
}

}  // namespace duel::app

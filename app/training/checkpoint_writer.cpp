#include "app/training/checkpoint_writer.h"

#include <fmt/core.h>
#include <algorithm>
#include <memory>

#include "app/errors/exit_code.h"
#include "engine/io/non_finite.h"

namespace duel::app {
namespace {

constexpr double kTrainingPerCopy = 50;  // training between two copies, compared with a copy: 2 % at most

}  // namespace

CheckpointWriter::CheckpointWriter(const TrainOptions& options, const RunFolder& folder, BackgroundWriter& background,
                                   std::function<double()> now)
    : options_(options), folder_(folder), background_(background), now_(std::move(now)), taken_time_(now_()) {}

void CheckpointWriter::continue_after(std::int64_t iterations) {
  taken_at_ = iterations;
  written_at_ = iterations;
}

bool CheckpointWriter::is_due(std::int64_t iterations) const {
  if (options_.checkpoint_seconds == 0 || is_writing_ || taken_at_ == iterations) return false;
  return now_() - taken_time_ >= std::max(options_.checkpoint_seconds, kTrainingPerCopy * last_wait_);
}

void CheckpointWriter::save(std::int64_t iterations, const std::function<TensorFile()>& take_state) {
  const double begin = now_();
  if (is_writing_) background_.finish();
  const auto state = std::make_shared<const TensorFile>(take_state());
  taken_at_ = iterations;
  is_writing_ = true;
  background_.submit([this, iterations, state] {
    const double begin_writing = now_();
    if (const auto bad = find_non_finite(*state)) {
      throw NonFiniteError("after iteration " + std::to_string(iterations - 1) + ": " + *bad +
                           "; this state is not saved.");
    }
    folder_.flush_logs();
    folder_.checkpoints().save(iterations, *state, options_.keep_checkpoints, options_.checkpoint_interval);
    written_at_ = iterations;
    ++written_;
    writing_ = writing_ + (now_() - begin_writing);
    is_writing_ = false;
  });
  taken_time_ = now_();
  last_wait_ = taken_time_ - begin;
  waited_ += last_wait_;
  longest_wait_ = std::max(longest_wait_, last_wait_);
}

std::string CheckpointWriter::cost() const {
  return fmt::format(
      "{} written in {:.3f} s beside the training, which waited {:.3f} s for copies, at most {:.3f} s for one",
      written_.load(), writing_.load(), waited_, longest_wait_);
}

}  // namespace duel::app

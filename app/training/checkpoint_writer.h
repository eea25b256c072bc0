// Saves a training beside the training: the copy from the device is taken between iterations, the file is written by
// the background writer.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "app/run_folder/run_folder.h"
#include "app/settings/train_options.h"
#include "app/training/background_writer.h"

namespace duel::app {

class CheckpointWriter {
 public:
  /// `now`: seconds on any monotonic clock. The references must outlive the writer's last job.
  CheckpointWriter(const TrainOptions& options, const RunFolder& folder, BackgroundWriter& background,
                   std::function<double()> now);

  /// Whether the newest checkpoint is --checkpoint-seconds old, and not of these `iterations`: never so soon that
  /// copies cost more than a few per cent, nor while one is being written.
  bool is_due(std::int64_t iterations) const;
  /// Takes the state and hands it on; waits first while an earlier one is being written, so that copies do not pile
  /// up. The logs reach the disk before it. What the disk or the state refuses comes out of the background writer:
  /// std::system_error, or NonFiniteError for a state with a value that is not finite, which is never saved.
  void save(std::int64_t iterations, const std::function<TensorFile()>& take_state);

  std::int64_t taken_at() const { return taken_at_; }      ///< iterations of the newest copy; -1: none
  std::int64_t written_at() const { return written_at_; }  ///< the same of the newest file
  /// `iterations` are on the disk already, from an earlier session.
  void continue_after(std::int64_t iterations);

  /// "3 written in 0.9 s beside the training, which waited 0.02 s for copies", for the log.
  std::string cost() const;

 private:
  const TrainOptions& options_;
  const RunFolder& folder_;
  BackgroundWriter& background_;
  std::function<double()> now_;
  std::int64_t taken_at_ = -1;
  std::atomic<std::int64_t> written_at_ = -1;
  std::atomic<bool> is_writing_ = false;
  std::atomic<int> written_ = 0;
  std::atomic<double> writing_ = 0;  ///< seconds that the background writer took for them
  double taken_time_;                ///< of now_
  double last_wait_ = 0;             ///< seconds that training stood still for the newest copy
  double waited_ = 0;                ///< for all
  double longest_wait_ = 0;
};

}  // namespace duel::app

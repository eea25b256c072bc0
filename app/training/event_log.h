// What a training session tells TensorBoard. Steps are iterations done.
#pragma once

#include <cstdint>
#include <filesystem>

#include "app/tensorboard/event_file.h"
#include "app/training/background_writer.h"
#include "app/training/training_watch.h"
#include "engine/training/trainer.h"

namespace duel::app {

/// All throw std::system_error where the disk refuses.
class EventLog {
 public:
  /// `done`: iterations that earlier sessions of the run have done. Histograms are made beside the training.
  EventLog(const std::filesystem::path& run_folder, std::int64_t done, std::int64_t interval, bool has_penalty,
           BackgroundWriter& background);

  /// Losses and judgements, and the penalty if there is one, of every `interval`-th iteration.
  void add(const IterationStats& stats);
  /// What a look found, and how weights and gradients are spread, where the trainer has kept these.
  void add(const Look& look, const Trainer& trainer, bool has_gradients);
  void add_samples(std::int64_t done, const Picture& picture);
  void flush();

 private:
  EventFile file_;
  std::int64_t interval_;
  bool has_penalty_;
  BackgroundWriter& background_;
};

}  // namespace duel::app

// The losses of a run as lines of JSON or comma-separated values.
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "app/run_folder/log_lines.h"
#include "engine/training/trainer.h"

namespace duel::app {

/// What a file of losses has.
struct StatsForm {
  LogFormat format = LogFormat::jsonl;
  bool has_penalty = false;  ///< of D's gradients, in a column of its own: "penalty"
};

/// {"iteration":0,"epoch":1,"d_loss":0.69,"g_loss":0.7,"d_real":0.5,"d_fake":0.5,"seconds":0.1}; iterations count
/// from 0, epochs from 1. A value that is not finite, which JSON lacks, is written as null. As comma-separated values
/// the same numbers, in the order of the header "iteration,epoch,...", and nothing for what is not finite.
std::string stats_line(const IterationStats& stats, std::int64_t epoch, double seconds, const StatsForm& form);
/// What a file of that format begins with.
std::string stats_header(const StatsForm& form);

/// Writes every `interval`-th iteration, the first and the last one.
class StatsLog {
 public:
  /// Appends to the file. Throws std::system_error where it cannot be made.
  StatsLog(const std::filesystem::path& file, std::int64_t interval, std::int64_t iterations_per_epoch,
           const StatsForm& form = {});

  /// `last` was the last iteration of a training that goes on; its line is in the file where the interval asks for it.
  void continue_after(const IterationStats& last, double seconds);

  /// Iterations in order; `seconds` since training began. Throws std::system_error.
  void add(const IterationStats& stats, double seconds);
  /// What was added is on its way to the disk after this. Throws std::system_error.
  void flush();
  /// Writes the last iteration where it is not written yet. Throws std::system_error.
  void finish();

 private:
  void write(const IterationStats& stats, double seconds);
  void check() const;

  std::filesystem::path file_;
  std::int64_t interval_, iterations_per_epoch_;
  StatsForm form_;
  std::ofstream out_;
  std::optional<IterationStats> unwritten_;  ///< the last one added, if it is not in the file
  double unwritten_seconds_ = 0;
};

}  // namespace duel::app

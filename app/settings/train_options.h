// `train`: what a training is, and what it leaves behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/run_folder/log_lines.h"
#include "app/settings/options.h"
#include "app/settings/sources.h"
#include "engine/configuration/config.h"
#include "engine/configuration/game.h"
#include "engine/measure/result_output.h"
#include "engine/quality/collapse_alarm.h"

namespace duel::app {

/// Iterations begin to end - 1, counted from 0; begin == end: none.
struct IterationWindow {
  std::int64_t begin = 0, end = 0;

  bool is_empty() const { return begin == end; }
  bool operator==(const IterationWindow&) const = default;
};

/// What happens when the generator has collapsed (engine/quality/collapse_alarm.h).
enum class OnCollapse {
  warn,      ///< say so and go on
  stop,      ///< save and end with exit code 7
  rollback,  ///< return to the last state that looked well; after three times, or where there is none, stop
};

/// Whether anybody asked for the images' size or channels; where nobody did, they are the data's. No setting: options
/// with the same settings are equal.
struct AskedForShape {
  bool value = true;

  bool operator==(const AskedForShape&) const { return true; }
};

struct TrainOptions : DeviceOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<TrainOptions>>& settings();

  std::string preset;
  GameKind game = GameKind::as_it_is;  ///< while options are resolved; then `training` plays it
  TrainingConfig training;
  bool conditional = false;  ///< both networks read the images' classes, as many as their labels tell apart
  int epochs = 200;
  std::int64_t max_iterations = 0;       ///< 0: no limit
  double minutes = 0;                    ///< 0: no limit
  std::int64_t sample_interval = 400;    ///< iterations between two sample pictures; 0: none
  int scale = 1;                         ///< pixels of a picture for one of an image, a side
  std::int64_t checkpoint_interval = 0;  ///< iterations; 0: none by count
  double checkpoint_seconds = 60;        ///< age at which a checkpoint is replaced; 0: none by time
  int keep_checkpoints = 3;              ///< 0: all
  std::int64_t log_interval = 10;        ///< iterations between two lines of stats.jsonl or stats.csv
  LogFormat log_format = LogFormat::jsonl;
  bool tensorboard = false;           ///< event files for TensorBoard, too
  std::int64_t watch_interval = 400;  ///< iterations between two looks at balance and samples; 0: none
  /// Iterations since the last good look before bad ones are a collapse (engine/quality/collapse_alarm.h).
  std::int64_t collapse_patience = CollapseAlarm::kPatience;
  OnCollapse on_collapse = OnCollapse::warn;
  int train_images = 0;        ///< the first so many; 0: all
  std::filesystem::path data;  ///< folder; "": search
  std::filesystem::path outdir = "runs";
  std::string name;                    ///< "": the preset's
  std::filesystem::path resume;        ///< a run folder or a checkpoint in one; "": a new run
  std::filesystem::path init_from;     ///< file; "": weights from the seed
  IterationWindow profile_iterations;  ///< for a profiler: enqueued kernel by kernel, in named ranges
  std::optional<int> serve;            ///< port of the live page; 0: the first free one
  std::filesystem::path levels;        ///< file for a drawing of the kernels of dry_run's iteration; "": none
  bool quiet = false, dry_run = false, print_config = false;
  ResultFormat format = ResultFormat::table;  ///< of what dry_run prints
  AskedForShape asked_for_shape;

  // Presets alone decide what follows.
  BatchStatistics sample_statistics = BatchStatistics::running;  ///< batch norm's, for the sample pictures
  bool has_script_pictures = false;  ///< images/0.png, images/400.png, ... are written as the published script does

  bool operator==(const TrainOptions&) const = default;
};

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const TrainOptions& options);
/// Throws SettingError for an option of the command line that does nothing without another one.
void check_together(const TrainOptions& options, const Sources& sources);

/// The resolved settings of a training run as a configuration file that --config reads back to the same options.
std::string to_config_file(const TrainOptions& options);

}  // namespace duel::app

// What a command line, the environment and a configuration file ask for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/configuration/config.h"
#include "engine/io/png.h"
#include "engine/networks/generator.h"
#include "engine/quality/collapse_alarm.h"

namespace duel::app {

struct TrainingProgram;

/// Iterations begin to end - 1, counted from 0; begin == end: none.
struct IterationWindow {
  std::int64_t begin = 0, end = 0;

  bool is_empty() const { return begin == end; }
  bool operator==(const IterationWindow&) const = default;
};

/// Which kernels run; see kernels/kernel_selection.h.
struct KernelOptions {
  std::vector<std::filesystem::path> files;  ///< kernel files (.cu) whose variants are added
  std::vector<std::string> chosen;           ///< "op=variant"; of two for one op the last one counts
  bool ignore_tuned = false;                 ///< what kernel_lab tune found on this machine

  bool operator==(const KernelOptions&) const = default;
};

/// What happens when the generator has collapsed (engine/quality/collapse_alarm.h).
enum class OnCollapse {
  warn,      ///< say so and go on
  stop,      ///< save and end with exit code 7
  rollback,  ///< return to the last state that looked well; after three times, or where there is none, stop
};

/// What the options of all commands have.
struct CommandOptions {
  const TrainingProgram* program = nullptr;  ///< whose command it is; preset() and parse_command_line() set it
  std::string device = "auto";
  int threads = 0;  ///< worker threads of the CPU device; 0: all cores
  KernelOptions kernels;

  bool operator==(const CommandOptions&) const = default;
};

struct TrainOptions : CommandOptions {
  std::string preset;
  TrainingConfig training;
  int epochs = 200;
  std::int64_t max_iterations = 0;       ///< 0: no limit
  double minutes = 0;                    ///< 0: no limit
  std::int64_t sample_interval = 400;    ///< iterations between two sample pictures
  std::int64_t checkpoint_interval = 0;  ///< iterations; 0: none by count
  double checkpoint_seconds = 60;        ///< age at which a checkpoint is replaced; 0: none by time
  int keep_checkpoints = 3;              ///< 0: all
  std::int64_t log_interval = 10;        ///< iterations between two lines of stats.jsonl
  std::int64_t watch_interval = 400;     ///< iterations between two looks at balance and samples; 0: none
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
  std::filesystem::path levels;        ///< file for a drawing of the kernels of dry_run's iteration; "": none
  bool quiet = false, dry_run = false, print_config = false;

  // Presets alone decide what follows.
  BatchStatistics sample_statistics = BatchStatistics::running;  ///< batch norm's, for the sample pictures
  bool has_script_pictures = false;  ///< images/0.png, images/400.png, ... are written as the published script does

  bool operator==(const TrainOptions&) const = default;
};

/// A generator from a checkpoint, and how and where it draws.
struct GeneratorOptions : CommandOptions {
  std::filesystem::path checkpoint;     ///< as find_checkpoint() takes it
  std::filesystem::path runs = "runs";  ///< where it looks for the latest one
  std::string preset;                   ///< of weights without a configuration; "": none
  std::uint64_t seed = 0;
  std::filesystem::path outdir = ".";
  BatchStatistics statistics = BatchStatistics::running;
  GeneratorWeights weights = GeneratorWeights::average;
  PixelRange range = PixelRange::fixed;
};

struct SampleOptions : GeneratorOptions {
  int count = 64;
  int columns = 8;
  bool individual = false;
  bool nearest = false;        ///< also beside the training images that are nearest to them
  std::filesystem::path data;  ///< folder of those; "": search
};

struct InterpolateOptions : GeneratorOptions {
  int count = 10;  ///< images of a row, both ends included
  int rows = 8;
  bool spherical = false;
};

struct BenchOptions : CommandOptions {
  std::string preset;
  std::vector<StepKind> steps;            ///< measured in turn; empty: the preset's
  Precision precision = Precision::fp32;  ///< of the factors of products
  std::vector<int> batch_sizes;           ///< empty: the preset's, or those of the sweep
  std::vector<int> widths;                ///< factors of the hidden widths; empty: 1, or those of the sweep
  bool scale = false;                     ///< a sweep over batches and widths, with fitted exponents
  int rounds = 11;                        ///< most rounds of a measurement
  double seconds = 0.5;                   ///< of a round, about
  std::int64_t iterations = 0;            ///< of a round; 0: as many as fill `seconds`
  std::filesystem::path json;             ///< file; "": none
};

struct EvaluateOptions : CommandOptions {
  std::vector<std::filesystem::path> checkpoints;  ///< as find_checkpoint() takes them
  std::filesystem::path runs = "runs";             ///< where it looks for the latest one
  std::string preset;                              ///< of weights without a configuration; "": there must be none
  std::filesystem::path data;                      ///< folder; "": search
  int samples = 10'000;
  int seeds = 3;           ///< sampling seeds: `seed` and those after it
  std::uint64_t seed = 0;  ///< the first of them
  std::vector<std::string> metrics = {"all"};
  BatchStatistics statistics = BatchStatistics::running;
  GeneratorWeights weights = GeneratorWeights::average;
  std::filesystem::path json;              ///< file; "": none
  std::filesystem::path classifier_cache;  ///< folder; "": the usual one
  bool self_test = false;                  ///< test the metrics instead
};

/// Environment variables by name; only those that begin with the program's name matter (variable_of()).
using Environment = std::map<std::string, std::string>;

enum class Command { show_text, train, sample, interpolate, bench, evaluate };

/// Who gave a setting, by its name: "--epochs", "MNIST_GAN_EPOCHS", "run.toml:3: n_epochs".
using Sources = std::map<std::string, std::string>;

/// What to do, with everything resolved: flag > environment > file > preset > default.
struct Invocation {
  Command command = Command::show_text;
  std::string text;  ///< of Command::show_text: help, version
  TrainOptions train;
  SampleOptions sample;
  InterpolateOptions interpolate;
  BenchOptions bench;
  EvaluateOptions evaluate;
  Sources sources;  ///< of the settings that anybody gave
  std::vector<std::string> warnings;
};

/// `arguments` without the program's name. Throws UsageError that names the flag, variable or line of the file, says
/// what was expected, and suggests the nearest name for an unknown one.
Invocation parse_command_line(const TrainingProgram& program, const std::vector<std::string>& arguments,
                              const Environment& environment);

/// The resolved settings of a training run as a configuration file that --config reads back to the same options.
std::string to_config_file(const TrainOptions& options);

}  // namespace duel::app

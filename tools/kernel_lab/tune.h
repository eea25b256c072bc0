// `kernel_lab tune`: the fastest verified variant for every op and shape of a training, into the cache that the app
// reads (engine/tuning/tuning_cache.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "engine/configuration/config.h"
#include "engine/measure/statistics.h"
#include "tools/kernel_lab/command_line.h"
#include "tools/kernel_lab/options.h"
#include "tools/kernel_lab/timing.h"

namespace duel::lab {

/// A training as far as its shapes go; what is not given is as in the checkpoint, else as published.
struct TuneTraining {
  std::filesystem::path checkpoint;  ///< of the app; empty: none
  std::optional<std::int64_t> images;
  std::optional<int> batch_size, discriminator_steps, latent_dim, image_size, channels;
  std::optional<UpdateOrder> order;
  std::optional<StepKind> step;
  std::optional<NetworkKind> networks;
  std::vector<int> generator_widths, discriminator_widths;  ///< empty: not given
};

struct TuneOptions {
  LabOptions lab;
  OutputOptions output;
  TuneTraining training;
  TimingOptions timing = {.seconds = 0.25};
  bool dry_run = false;  ///< leave the cache alone
};

/// A verified variant and how long its launches take, microseconds.
struct Contender {
  std::string variant;
  Summary times;
};

/// The number of the one to use. The first one stays unless another one's median is below its by more than both the
/// least gain worth a change and three standard errors of the two medians. Throws std::invalid_argument for none.
std::size_t pick_winner(const std::vector<Contender>& contenders);

/// What was found for one op and shape.
struct TunedCase {
  std::string op, shapes;
  std::vector<Contender> contenders;  ///< those that passed, in the order of the table
  std::size_t winner = 0;             ///< its number
  std::vector<std::string> failures;  ///< what verify() said of the others, each with the variant's name
};

/// Verifies and times all variants for everything that an iteration of such a training runs. A variant that fails is
/// not timed. Throws std::invalid_argument for a bad configuration and where no variant is right, std::runtime_error
/// where a variant's fault leaves the device unusable.
std::vector<TunedCase> tune(const Lab& lab, const TrainingConfig& config, std::int64_t images,
                            const TimingOptions& timing, std::ostream& err);

/// Returns kFoundWrong where a variant failed. Throws as tune(), Delivery, read_safetensors() and
/// update_tuning_cache() do, and std::invalid_argument in a checked build and where there is no place for a cache.
int run_tune(const TuneOptions& options, const Lab& lab, std::ostream& out, std::ostream& err);

void add_tune(CLI::App& app, Command& command);

}  // namespace duel::lab

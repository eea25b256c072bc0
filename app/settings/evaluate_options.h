// `evaluate`: which checkpoints are judged, and by what.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/settings/options.h"
#include "engine/measure/result_output.h"

namespace duel::app {

struct EvaluateOptions : DeviceOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<EvaluateOptions>>& settings();

  std::vector<std::filesystem::path> checkpoints;  ///< as find_checkpoint() takes them
  std::filesystem::path runs = "runs";             ///< where it looks for the latest one
  std::string preset;                              ///< of weights without a configuration; "": there must be none
  std::filesystem::path data;                      ///< folder; "": search
  int samples = 0;                                 ///< of each seed; 0: 10,000, of a stack 26,000
  int seeds = 3;                                   ///< sampling seeds: `seed` and those after it
  std::uint64_t seed = 0;                          ///< the first of them
  std::vector<std::string> metrics = {"all"};
  BatchStatistics statistics = BatchStatistics::running;
  GeneratorWeights weights = GeneratorWeights::average;
  ResultOptions result;
  std::filesystem::path classifier_cache;  ///< folder; "": the usual one
  bool self_test = false;                  ///< test the metrics instead
};

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const EvaluateOptions& options);

}  // namespace duel::app

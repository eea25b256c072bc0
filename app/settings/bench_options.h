// `bench`: what is measured, and how long.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/settings/training_program.h"
#include "engine/configuration/config.h"
#include "engine/measure/result_output.h"

namespace duel::app {

struct BenchOptions : DeviceOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<BenchOptions>>& settings();

  std::string preset;
  std::vector<StepKind> steps;            ///< measured in turn; empty: the preset's
  Precision precision = Precision::fp32;  ///< of the factors of products
  std::vector<int> batch_sizes;           ///< empty: the preset's, or those of the sweep
  std::vector<int> widths;                ///< factors of the hidden widths; empty: 1, or those of the sweep
  bool scale = false;                     ///< a sweep over batches and widths, with fitted exponents
  int rounds = 11;                        ///< most rounds of a measurement
  double seconds = 0.5;                   ///< of a round, about
  std::int64_t iterations = 0;            ///< of a round; 0: as many as fill `seconds`
  ResultOptions result;
};

template <>
inline BenchOptions defaults_of(const TrainingProgram& program) {
  BenchOptions options;
  options.program = &program;
  options.preset = program.presets.front().name;
  return options;
}

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const BenchOptions& options);

}  // namespace duel::app

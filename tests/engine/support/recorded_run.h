// Iterations that PyTorch has run with a small network, recorded by tools/parity/record_fixtures.py in
// tests/engine/fixtures/, and the engine's comparison with them. Values are PyTorch's in float64. Beside them stands
// how large the engine's errors may be, the largest one of a tensor and the root of the mean square: four times those
// of PyTorch's own float32 runs, 16 roundings of the tensor's size, of a weight 2, and, for weights and what the
// optimizer keeps, what it makes of the gradient's allowed errors (tools/parity/judgement.py).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/training/trainer.h"
#include "tests/engine/support/gan_cases.h"

namespace duel::test {

struct AllowedErrors {
  double largest, root_mean_square;
};

struct RecordedTensor {
  std::vector<double> values;
  std::optional<AllowedErrors> allowed;  ///< absent for biases before batch norm: any value is as right as another
};
using RecordedTensors = std::map<std::string, RecordedTensor>;

struct RecordedStep {
  std::string name;
  GivenBatch batch;
  std::map<std::string, std::vector<double>> change;  ///< where given: the step starts from the start, so changed
  RecordedTensors reports;                            ///< "discriminator loss", ...: one value each
  RecordedTensors state;  ///< Trainer::state() after the step, "gradients.NAME", "generated_images"
};

struct RecordedRun {
  TrainingConfig config;
  std::map<std::string, std::vector<double>> start;  ///< both networks' tensors
  std::vector<RecordedStep> steps;
  RecordedTensors whole_run;  ///< reports of all steps without a reload, and the last "generated_images"
};

/// A file of tests/engine/fixtures/: "epoch_end", "minimax", "paper", ...
RecordedRun read_recorded_run(const std::string& name);

/// The fresh state of a trainer with these tensors in it. Throws std::out_of_range for a name that it does not have.
TensorFile with_values(TensorFile state, const std::map<std::string, std::vector<double>>& values);

/// What is wrong after each step of the run, from the state recorded before it: by the step's name a line for each
/// tensor, or "".
std::map<std::string, std::string> compare_each_step(const RecordedRun& run, const TrainingConfig& config);

/// The same in one text.
std::string compare_steps(const RecordedRun& run, const TrainingConfig& config);

/// What is wrong with all steps one after another.
std::string compare_whole_run(const RecordedRun& run, const TrainingConfig& config);

/// "" where values agree with what was recorded; NaN and infinity agree with nothing.
std::string compare_tensor(const std::string& name, const std::vector<double>& actual, const RecordedTensor& expected);

}  // namespace duel::test

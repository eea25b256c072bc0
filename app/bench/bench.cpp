#include "app/bench/bench.h"

#include <iostream>

#include "app/bench/bench_measure.h"
#include "app/bench/bench_report.h"
#include "app/device/kernel_choice.h"
#include "app/settings/training_program.h"
#include "engine/measure/progress_line.h"
#include "files/program.h"
#include "kernels/runtime/error.h"

namespace duel::app {
namespace {

/// What the options leave open, filled in.
BenchOptions completed(BenchOptions options) {
  const TrainingConfig training = preset(*options.program, options.preset).training;
  if (options.steps.empty()) options.steps = {training.step};
  if (options.batch_sizes.empty()) {
    options.batch_sizes = {training.batch_size};
    if (options.scale) options.batch_sizes = {32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384};
  }
  if (options.widths.empty()) {
    options.widths = {1};
    if (options.scale) options.widths = {1, 2, 4};
  }
  return options;
}

/// Before anything is measured: steps and widths that cannot be.
void check_all(const BenchOptions& options) {
  const TrainingConfig training = preset(*options.program, options.preset).training;
  for (const int width : options.widths) {
    for (const StepKind step : options.steps) {
      bench_config(training, {step, options.batch_sizes.front(), width});
    }
  }
}

std::string introduction(const BenchResult& result) {
  return result.program + " " DUEL_VERSION " bench, preset " + result.preset + "\ndevice     " + result.device.name +
         ": " + result.device.description +
         "\ndata       made-up images, as many whole batches as an epoch of 60,000 has; no dataset is read\n\n";
}

void measure_all(const BenchOptions& options, const KernelSelection& kernels, BenchResult& result) {
  ProgressLine line(std::cerr);
  for (const int width : options.widths) {
    for (const int batch : options.batch_sizes) {
      measure_shape(
          options, kernels, options.steps, batch, width, [&](const std::string& what) { line.show(what); }, result);
    }
  }
}

}  // namespace

ExitCode bench(const BenchOptions& requested) {
  const BenchOptions options = completed(requested);
  check_all(options);
  ResultOutput output(options.result, options.program->name + " bench", bench_csv({}), ResultFormat::json);
  output.keep_apart_from({options.kernels.files.begin(), options.kernels.files.end()});
  KernelSelection kernels;
  choose_kernels(kernels, options.kernels);
  BenchResult result;
  result.program = options.program->name;
  result.preset = options.preset;
  result.device = select_device(options.device, options.threads);
  for (const std::string& warning : use_tuned_kernels(kernels, options.kernels)) warn(*options.program, warning);
  output.begin(introduction(result), std::cout);
  flush_standard_output();
  measure_all(options, kernels, result);
  if (result.measurements.empty()) {
    const Skipped& first = result.skipped.front();
    throw CudaError(cudaErrorMemoryAllocation,
                    "nothing could be measured; " + text_of(first.shape) + ": " + first.reason);
  }
  output.deliver(
      {.text = bench_report(result, options.scale), .csv = bench_csv(result.measurements), .json = bench_json(result)},
      std::cout);
  return ExitCode::ok;
}

}  // namespace duel::app
